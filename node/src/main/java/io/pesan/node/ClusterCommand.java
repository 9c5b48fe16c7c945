package io.pesan.node;

import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.ConfigOptions;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import io.pesan.node.trial.TrialCluster;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs several nodes on this machine until a signal ends them. */
@Command(
        name = "cluster",
        description = {
            "Runs N nodes on this machine as one cluster, each a process of its own, over one embedded Redis: to try the"
                    + " real thing. One SIGINT or SIGTERM ends them all.",
            "Ports are counted upwards from gateway.port (or --port), management.port, cluster.bus-port and cluster.port,"
                    + " those that are taken left out. Each node logs into a file in redis.data-dir. All other keys hold"
                    + " for every node."
        },
        mixinStandardHelpOptions = true)
final class ClusterCommand implements Callable<Integer> {

    private static final int HIGHEST_PORT = 65_535;

    @Parameters(paramLabel = "N", description = "how many nodes, 1 to " + TrialCluster.MOST_NODES)
    private int count;

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "first node's port for clients; gateway.port if not given")
    private @Nullable Integer port;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (count < 1 || count > TrialCluster.MOST_NODES) {
            throw new StartFailure("N must be 1 to " + TrialCluster.MOST_NODES + ", not " + count);
        }
        if (port != null && (port < 0 || port > HIGHEST_PORT)) {
            throw new StartFailure("--port must be 0 to " + HIGHEST_PORT + ", not " + port);
        }
        Configuration configuration = options.readWith(List.of("cluster.enabled=false"));
        ConsoleLogging.configure(
                configuration.get(ConfigKeys.LOGGING_FORMAT), configuration.get(ConfigKeys.LOGGING_LEVEL));
        int first = port == null ? configuration.get(ConfigKeys.GATEWAY_PORT) : port;
        TrialCluster cluster = new TrialCluster(options, configuration, first);
        Shutdown shutdown = Shutdown.arm(cluster::stop, cluster::kill);
        try {
            cluster.start(count);
        } catch (StartFailure failure) {
            shutdown.disarm();
            cluster.stop();
            throw failure;
        }
        show(cluster.description());
        cluster.awaitEnd();
        shutdown.disarm();
        cluster.stop();
        throw new StartFailure("every node has ended; their logs are in " + configuration.dataDirectory());
    }

    private void show(List<String> description) {
        PrintWriter out = spec.commandLine().getOut();
        description.forEach(out::println);
        out.println("pesan cluster of " + count + (count == 1 ? " node" : " nodes") + " is ready");
        out.flush();
    }
}
