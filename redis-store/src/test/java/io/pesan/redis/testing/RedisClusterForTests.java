package io.pesan.redis.testing;

import io.pesan.redis.RedisConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A Redis Cluster of three primaries with a replica each, as the guarantees ask for. */
public final class RedisClusterForTests extends RedisGroup {

    private static final int SHARDS = 3;
    private static final int SLOTS = 16_384;

    private record Member(RedisForTests server, int busPort) {}

    private final List<Member> members = new ArrayList<>();

    private RedisClusterForTests() {}

    /** Starts all and waits until every primary serves and has its replica. */
    public static RedisClusterForTests start() {
        RedisClusterForTests cluster = new RedisClusterForTests();
        try {
            for (int i = 0; i < 2 * SHARDS; i++) {
                cluster.launchMember();
            }
            cluster.join();
            return cluster;
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    private void launchMember() {
        int bus = RedisForTests.freePort();
        members.add(new Member(
                launch(
                        "--cluster-enabled",
                        "yes",
                        "--cluster-port",
                        "" + bus,
                        "--cluster-node-timeout",
                        "5000",
                        "--cluster-require-full-coverage",
                        "no"),
                bus));
    }

    private void join() {
        RedisForTests first = members.get(0).server();
        for (int i = 0; i < members.size(); i++) {
            RedisForTests server = members.get(i).server();
            server.call("CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
            if (i < SHARDS) {
                int from = i * SLOTS / SHARDS;
                int to = (i + 1) * SLOTS / SHARDS - 1;
                server.call("CLUSTER", "ADDSLOTSRANGE", "" + from, "" + to);
            }
            Member other = members.get(i);
            first.call("CLUSTER", "MEET", HOST, "" + other.server().port(), "" + other.busPort());
        }
        awaitThat(
                "all know each other",
                () -> members.stream()
                        .allMatch(member -> text(member.server(), "CLUSTER", "INFO")
                                .contains("cluster_known_nodes:" + members.size())));
        for (int i = SHARDS; i < members.size(); i++) {
            RedisForTests replica = members.get(i).server();
            String primary = text(members.get(i - SHARDS).server(), "CLUSTER", "MYID");
            awaitThat("it takes its part", () -> replicate(replica, primary));
        }
        members.subList(0, SHARDS).forEach(primary -> awaitReplicas(primary.server(), 1));
        awaitThat(
                "the cluster serves",
                () -> members.stream()
                        .allMatch(member -> text(member.server(), "CLUSTER", "INFO")
                                        .contains("cluster_state:ok")
                                && shards(member.server()).size() == SHARDS
                                // Start and end of its slots, the primary, the replica.
                                && shards(member.server()).stream().allMatch(shard -> ((List<?>) shard).size() == 4)));
    }

    private static boolean replicate(RedisForTests replica, String primary) {
        try {
            replica.call("CLUSTER", "REPLICATE", primary);
            return true;
        } catch (IllegalStateException notYet) {
            return false;
        }
    }

    /** Two of the servers' addresses with a comma between, as a URL. */
    public String url() {
        return members.subList(0, 2).stream()
                .map(member -> HOST + ":" + member.server().port())
                .collect(Collectors.joining(",", "redis://", ""));
    }

    /**
     * How a node reaches it.
     *
     * @param minReplicas that must have a write; 0: none
     */
    public RedisConfig config(int minReplicas) {
        RedisConfig.Topology topology = new RedisConfig.Topology(RedisConfig.Mode.CLUSTER, "", null);
        return new RedisConfig(url(), null, null, topology, minReplicas);
    }

    /** The server that has a key's slot, as a member that is not {@code except} knows it. */
    public RedisForTests primaryOf(String key, RedisForTests... except) {
        RedisForTests asked = members.stream()
                .map(Member::server)
                .filter(server -> !List.of(except).contains(server))
                .findFirst()
                .orElseThrow();
        long slot = (Long) Objects.requireNonNull(asked.call("CLUSTER", "KEYSLOT", key));
        for (Object range : list(asked, "CLUSTER", "SLOTS")) {
            List<?> parts = (List<?>) range;
            if ((Long) parts.get(0) <= slot && slot <= (Long) parts.get(1)) {
                return onPort(((Long) ((List<?>) parts.get(2)).get(1)).intValue());
            }
        }
        throw new IllegalStateException("nobody has slot " + slot);
    }

    /** Waits until another than this one has the key's slot. */
    public RedisForTests awaitSuccessor(String key, RedisForTests former) {
        awaitThat("another primary", () -> primaryOf(key, former) != former);
        return primaryOf(key, former);
    }

    /** The replica that follows this primary. */
    public RedisForTests replicaOf(RedisForTests primary) {
        List<?> replicas = list(primary, "CLUSTER", "REPLICAS", text(primary, "CLUSTER", "MYID"));
        String line = String.valueOf(replicas.get(0));
        String address = line.split(" ", 3)[1];
        return onPort(Integer.parseInt(address.substring(address.indexOf(':') + 1, address.indexOf('@'))));
    }

    private static List<?> shards(RedisForTests server) {
        return list(server, "CLUSTER", "SLOTS");
    }
}
