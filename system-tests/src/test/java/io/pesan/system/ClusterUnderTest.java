package io.pesan.system;

import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.RedisForTests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Nodes in processes of their own over one real Redis, with a network between them that the test controls. The logs lie in
 * the folder given.
 */
final class ClusterUnderTest implements AutoCloseable {

    /**
     * Most nodes here live for less time than it takes to compile them well, which takes more than half of the CPU of their start,
     * from each other, too.
     */
    private static final Map<String, String> QUICKLY_COMPILED = Map.of("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Where a node is to be reached, also when it has been started again. */
    private record Ports(int chat, int management, ClusterPorts cluster) {}

    /** A node's own ports for other nodes, and those that lead to them through the network. */
    private record ClusterPorts(int membership, int bus, int publicMembership, int publicBus) {}

    private final Path folder;
    private final String name = "test-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    private final RedisForTests redis = RedisForTests.start();
    private final NodeNetwork network = new NodeNetwork();
    private final Map<String, Ports> ports = new LinkedHashMap<>();
    private final Map<String, String> roles = new LinkedHashMap<>();
    private final Map<String, NodeProcess> nodes = new LinkedHashMap<>();
    private final List<String> settings;

    private ClusterUnderTest(Path folder, Map<String, String> roles, List<String> settings) {
        this.folder = folder;
        this.settings = settings;
        this.roles.putAll(roles);
        for (String node : roles.keySet()) {
            int membership = RedisForTests.freePort();
            int bus = RedisForTests.freePort();
            ClusterPorts cluster = new ClusterPorts(
                    membership, bus, network.portBefore(node, membership), network.portBefore(node, bus));
            ports.put(node, new Ports(RedisForTests.freePort(), RedisForTests.freePort(), cluster));
        }
    }

    /** Starts nodes n1, n2, … that have every role, and waits until they are one cluster. */
    static ClusterUnderTest start(Path folder, int count, String... settings) {
        Map<String, String> roles = new LinkedHashMap<>();
        for (int i = 1; i <= count; i++) {
            roles.put("n" + i, "gateway, session, inbox");
        }
        return start(folder, roles, settings);
    }

    /**
     * Starts nodes and waits until all are ready.
     *
     * @param roles of each node, by its name
     */
    static ClusterUnderTest start(Path folder, Map<String, String> roles, String... settings) {
        return start(folder, UnpackedArchive.shared().script(), roles, settings);
    }

    /** @param script of the build that they are nodes of */
    static ClusterUnderTest start(Path folder, Path script, Map<String, String> roles, String... settings) {
        ClusterUnderTest cluster = new ClusterUnderTest(folder, roles, List.of(settings));
        try {
            roles.keySet().forEach(node -> cluster.launch(node, script));
            roles.keySet().forEach(cluster::awaitReady);
            cluster.awaitWhole();
            return cluster;
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    private void launch(String node, Path script) {
        Ports own = Objects.requireNonNull(ports.get(node));
        ClusterPorts at = own.cluster();
        List<String> all = new ArrayList<>(List.of(
                "node.id=" + node,
                "node.roles=" + roles.getOrDefault(node, ""),
                "cluster.enabled=true",
                "cluster.name=" + name,
                "cluster.port=" + at.membership(),
                "cluster.bus-port=" + at.bus(),
                "cluster.public-port=" + at.publicMembership(),
                "cluster.public-bus-port=" + at.publicBus(),
                "cluster.members="
                        + String.join(
                                ",",
                                ports.values().stream()
                                        .map(other ->
                                                "127.0.0.1:" + other.cluster().publicMembership())
                                        .toList()),
                "redis.url=redis://127.0.0.1:" + redis.port(),
                "accounts.demo=true",
                "sessions.per-user=0",
                "inbox.max-messages=0",
                "inbox.max-bytes=0"));
        all.addAll(NodeProcess.CHEAP_HASHES);
        all.addAll(settings);
        NodeProcess process =
                NodeProcess.launch(script, folder.resolve(node), own.chat(), own.management(), all, QUICKLY_COMPILED);
        network.add(node, process.pid());
        nodes.put(node, process);
    }

    /** Starts a node that has ended, and waits until it is ready. */
    void restart(String node) {
        restart(node, UnpackedArchive.shared().script());
    }

    /** Starts one as a node of a build. */
    void restart(String node, Path script) {
        launch(node, script);
        awaitReady(node);
    }

    /** Mends what a test has left: heals the network, thaws who is frozen, and starts who is not there. */
    void makeWhole() {
        network.heal();
        nodes.values().forEach(NodeProcess::thaw);
        List<String> gone =
                names().stream().filter(node -> !node(node).isAlive()).toList();
        gone.forEach(node -> launch(node, UnpackedArchive.shared().script()));
        gone.forEach(this::awaitReady);
        awaitWhole();
    }

    private void awaitReady(String node) {
        node(node).awaitReady();
        await(node + " is ready")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> node(node).isReady());
    }

    /** Waits until every gateway reaches the services. */
    private void awaitWhole() {
        await("the cluster is whole")
                .atMost(PATIENCE)
                .until(() -> nodes.values().stream().allMatch(NodeProcess::isReady));
    }

    NodeProcess node(String name) {
        NodeProcess node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException(name);
        }
        return node;
    }

    List<String> names() {
        return List.copyOf(nodes.keySet());
    }

    /** The nodes that clients connect to. */
    List<NodeProcess> gateways() {
        return roles.entrySet().stream()
                .filter(node -> node.getValue().contains("gateway"))
                .map(node -> node(node.getKey()))
                .toList();
    }

    /** One that can add accounts. */
    NodeProcess anyWithAccounts() {
        return roles.entrySet().stream()
                .filter(node -> node.getValue().contains("session"))
                .map(node -> node(node.getKey()))
                .findFirst()
                .orElseThrow();
    }

    NodeNetwork network() {
        return network;
    }

    RedisForTests redis() {
        return redis;
    }

    @Override
    public void close() {
        network.heal();
        nodes.values().forEach(NodeProcess::thaw);
        nodes.values().forEach(NodeProcess::end);
        nodes.values().forEach(NodeProcess::close);
        network.close();
        redis.close();
    }
}
