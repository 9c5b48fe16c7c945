package io.pesan.redis.testing;

import io.pesan.redis.RedisConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A primary, its replicas, and three Sentinels that watch it, as the guarantees ask for. */
public final class RedisWithSentinels extends RedisGroup {

    /** Under which the Sentinels know the primary. */
    public static final String NAME = "pesan-test";

    private final List<RedisForTests> sentinels = new ArrayList<>();

    private RedisWithSentinels() {}

    /** Starts all and waits until the Sentinels know each other and the replicas follow. */
    public static RedisWithSentinels start(int replicas) {
        RedisWithSentinels group = new RedisWithSentinels();
        try {
            RedisForTests primary = group.launch();
            for (int i = 0; i < replicas; i++) {
                group.launch("--replicaof", HOST, "" + primary.port());
            }
            awaitReplicas(primary, replicas);
            for (int i = 0; i < 3; i++) {
                group.sentinels.add(group.add(RedisForTests.startSentinel(List.of(
                        "sentinel monitor " + NAME + " " + HOST + " " + primary.port() + " 2",
                        "sentinel down-after-milliseconds " + NAME + " 5000",
                        "sentinel failover-timeout " + NAME + " 10000"))));
            }
            awaitThat(
                    "the Sentinels know all",
                    () -> group.sentinels.stream()
                            .allMatch(sentinel -> group.told(sentinel, "num-other-sentinels") == 2
                                    && group.told(sentinel, "num-slaves") == replicas));
            return group;
        } catch (RuntimeException | Error failure) {
            group.close();
            throw failure;
        }
    }

    private int told(RedisForTests sentinel, String field) {
        List<?> fields = list(sentinel, "SENTINEL", "MASTER", NAME);
        return Integer.parseInt((String) fields.get(fields.indexOf(field) + 1));
    }

    /** The Sentinels' addresses with commas between, as a URL. */
    public String url() {
        return sentinels.stream()
                .map(sentinel -> HOST + ":" + sentinel.port())
                .collect(Collectors.joining(",", "redis://", ""));
    }

    /**
     * How a node reaches it.
     *
     * @param minReplicas that must have a write; 0: none
     */
    public RedisConfig config(int minReplicas) {
        RedisConfig.Topology topology = new RedisConfig.Topology(RedisConfig.Mode.SENTINEL, NAME, null);
        return new RedisConfig(url(), null, null, topology, minReplicas);
    }

    /** Whoever most Sentinels call the primary now. */
    public RedisForTests primary() {
        List<?> address = list(sentinels.get(0), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
        return onPort(Integer.parseInt((String) address.get(1)));
    }

    /** Waits until another than this one is the primary, to all Sentinels. */
    public RedisForTests awaitSuccessorOf(RedisForTests former) {
        awaitThat(
                "another primary",
                () -> sentinels.stream()
                        .noneMatch(sentinel -> list(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
                                .get(1)
                                .equals("" + former.port())));
        return primary();
    }

    /** Waits until a server has come back as a replica. A Sentinel that makes it one closes its connections. */
    public void awaitReplica(RedisForTests server) {
        awaitThat(
                "the former primary follows",
                () -> text(server, "INFO", "replication").contains("master_link_status:up"));
    }
}
