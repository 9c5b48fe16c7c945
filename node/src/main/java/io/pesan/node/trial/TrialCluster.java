package io.pesan.node.trial;

import io.pesan.node.config.ConfigKey;
import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.ConfigOptions;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.Hosts;
import io.pesan.node.config.StartFailure;
import io.pesan.node.redis.EmbeddedRedis;
import io.pesan.node.user.FirstAccount;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Several nodes on this machine over one embedded Redis, or over the configured one. Its methods block.
 *
 * <p>However this process ends, so do the nodes, by their {@link io.pesan.node.Lifeline}, and Redis, by its guard.
 */
public final class TrialCluster {

    /** As many as a machine can be expected to carry. */
    public static final int MOST_NODES = 16;

    private static final Logger LOG = LoggerFactory.getLogger(TrialCluster.class);
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    /** Beyond the drain time-out: the sum of what a node's other steps may take. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(30);

    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Configuration configuration;
    private final ConfigOptions options;
    private final int firstPort;
    /** Added to by the launch alone; {@link #kill} must not wait for that. */
    private final List<NodeChild> nodes = new CopyOnWriteArrayList<>();

    private @Nullable EmbeddedRedis redis;
    private boolean stopping;
    /** A node that is ended while it starts need not end in good order. */
    private volatile boolean complete;

    /**
     * @param options as the person wrote them: what they say holds for each node
     * @param configuration what they come to, without a cluster
     * @param firstPort of the first node's clients
     */
    public TrialCluster(ConfigOptions options, Configuration configuration, int firstPort) {
        this.options = options;
        this.configuration = configuration;
        this.firstPort = firstPort;
    }

    /**
     * Starts everything and returns when every node wants clients and knows all others.
     *
     * @throws StartFailure naming the node and the key; what has been started by then is to be stopped
     */
    public void start(int count) throws InterruptedException {
        launch(count);
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        for (NodeChild node : nodes) {
            while (!node.isComplete(http, reachable(ConfigKeys.MANAGEMENT_HOST), count)) {
                if (System.nanoTime() > deadline) {
                    throw new StartFailure(node.name() + " is not ready after " + START_PATIENCE.toSeconds()
                            + " s; its log is " + node.log());
                }
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        }
        complete = true;
    }

    /** What a person wants to know: every port, where the logs are, and what to type. */
    public List<String> description() {
        List<String> lines = new ArrayList<>();
        String chat = reachable(ConfigKeys.GATEWAY_HOST);
        for (NodeChild node : nodes) {
            NodePorts ports = node.ports();
            lines.add(String.format(
                    "%-3s  chat %s:%d  management http://%s:%d  bus %d  cluster %d  pid %d  log %s",
                    node.name(),
                    configuration.get(ConfigKeys.GATEWAY_HOST),
                    ports.chat(),
                    configuration.get(ConfigKeys.MANAGEMENT_HOST),
                    ports.management(),
                    ports.bus(),
                    ports.membership(),
                    node.process().pid(),
                    node.log()));
        }
        if (configuration.isRedisEmbedded()) {
            lines.add("data  " + configuration.dataDirectory() + " (one embedded Redis for all of them)");
        }
        List<String> ports = nodes.stream()
                .map(node -> "nc " + chat + " " + node.ports().chat())
                .toList();
        boolean demo = configuration.get(ConfigKeys.ACCOUNTS_DEMO);
        String own = FirstAccount.USERNAME + " PASSWORD";
        lines.add("accounts  "
                + (demo
                        ? "messi, henderson, lineker; password surabaya"
                        : "add one: "
                                + FirstAccount.command(
                                        configuration, nodes.get(0).ports().management())));
        lines.add(
                "try  log in on one node:  " + ports.get(0) + "   then type: auth " + (demo ? "messi surabaya" : own));
        if (ports.size() > 1) {
            lines.add("     read on another:     " + ports.get(1) + "   then type: auth "
                    + (demo ? "henderson surabaya" : own));
        }
        return lines;
    }

    /**
     * Ends the nodes that are there, all at once, then Redis. Returns 0 if every one ended in good order, however those did
     * that were gone before.
     */
    public int stop() throws InterruptedException {
        List<NodeChild> running;
        synchronized (this) {
            stopping = true;
            running = nodes.stream().filter(node -> node.process().isAlive()).toList();
        }
        running.forEach(NodeChild::stop);
        LOG.atLevel(complete ? Level.INFO : Level.DEBUG)
                .addKeyValue("nodes", running.size())
                .addKeyValue("drainTimeout", configuration.get(ConfigKeys.GATEWAY_DRAIN_TIMEOUT))
                .log("stopping; clients that are connected are let go one by one");
        Duration patience = configuration.get(ConfigKeys.GATEWAY_DRAIN_TIMEOUT).plus(STOP_GRACE);
        int status = 0;
        for (NodeChild node : running) {
            int ended = node.awaitEnd(patience);
            if (ended != 0) {
                LOG.atLevel(complete ? Level.WARN : Level.DEBUG)
                        .addKeyValue("node", node.name())
                        .addKeyValue("status", ended)
                        .log("ended badly");
                status = 1;
            }
        }
        synchronized (this) {
            if (redis != null) {
                redis.close();
                redis = null;
            }
        }
        return status;
    }

    /**
     * Ends the nodes that are there at once, also while others are being launched: these, as Redis, end by themselves when this
     * process does. Does not block.
     */
    public void kill() {
        for (NodeChild node : nodes) {
            node.process().destroyForcibly();
        }
    }

    /** Returns when no node is left; says so when one of several ends. */
    public void awaitEnd() throws InterruptedException {
        List<NodeChild> running = new ArrayList<>(nodes);
        while (!running.isEmpty()) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
            running.removeIf(this::hasEnded);
        }
    }

    private synchronized boolean hasEnded(NodeChild node) {
        if (node.process().isAlive()) {
            return false;
        }
        if (!stopping) {
            LOG.atWarn()
                    .addKeyValue("node", node.name())
                    .addKeyValue("status", node.process().exitValue())
                    .addKeyValue("log", node.log())
                    .log("a node ended");
        }
        return true;
    }

    private synchronized void launch(int count) {
        if (stopping) {
            return;
        }
        Map<String, String> environment = new HashMap<>();
        List<String> common = new ArrayList<>(options.asArguments());
        if (configuration.isRedisEmbedded()) {
            EmbeddedRedis own = EmbeddedRedis.start(configuration.dataDirectory());
            redis = own;
            set(common, "redis.url", own.config().url());
            environment.put("PESAN_REDIS_PASSWORD", String.valueOf(own.config().password()));
        }
        // Once Redis listens: it takes any free port, and nobody listens yet on those that are chosen here.
        List<NodePorts> ports = NodePorts.choose(configuration, firstPort, count);
        set(common, "redis.data-dir", configuration.dataDirectory().toString());
        set(common, "cluster.enabled", "true");
        set(common, "cluster.members", members(ports));
        if (!configuration.isExplicit(ConfigKeys.CLUSTER_NAME)) {
            // A node that is left of another trial knows the same ports, and may look for its own there.
            set(
                    common,
                    "cluster.name",
                    configuration.get(ConfigKeys.CLUSTER_NAME) + "-"
                            + ProcessHandle.current().pid());
        }
        if (!configuration.isExplicit(ConfigKeys.LOGGING_FORMAT)) {
            // A person reads the files.
            set(common, "logging.format", "text");
        }
        for (int i = 0; i < count; i++) {
            String name = "n" + (i + 1);
            Path log = configuration.dataDirectory().resolve(name + ".log");
            nodes.add(NodeChild.start(name, ports.get(i), log, own(common, name, ports.get(i), i == 0), environment));
        }
    }

    private List<String> own(List<String> common, String name, NodePorts ports, boolean first) {
        List<String> all = new ArrayList<>(common);
        set(all, "node.id", name);
        set(all, "gateway.port", String.valueOf(ports.chat()));
        set(all, "management.port", String.valueOf(ports.management()));
        set(all, "cluster.bus-port", String.valueOf(ports.bus()));
        set(all, "cluster.port", String.valueOf(ports.membership()));
        // Once is enough.
        set(all, "accounts.demo", String.valueOf(first && configuration.get(ConfigKeys.ACCOUNTS_DEMO)));
        return all;
    }

    private String members(List<NodePorts> ports) {
        String host = Hosts.inUrl(configuration.get(ConfigKeys.CLUSTER_HOST));
        return ports.stream().map(node -> host + ":" + node.membership()).collect(Collectors.joining(","));
    }

    private String reachable(ConfigKey<String> hostKey) {
        return Hosts.reachable(configuration.get(hostKey));
    }

    private static void set(List<String> arguments, String key, String value) {
        arguments.addAll(List.of("--set", key + "=" + value));
    }
}
