package io.pesan.bench;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much load, for how long, and how the result is shown. */
final class LoadOptions {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(
            names = "--connections",
            paramLabel = "N",
            split = ",",
            description = "connections at once; several values, separated by commas, make several runs"
                    + " (default: ${DEFAULT-VALUE})",
            defaultValue = "100")
    private List<Integer> connections = List.of();

    @Option(
            names = "--depth",
            paramLabel = "D",
            split = ",",
            description = "requests under way on each connection, at most; several values make several runs"
                    + " (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    private List<Integer> depth = List.of();

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "requests a second of the whole run: latency then counts from the time at which a request"
                    + " should have gone out (default: as many as the server answers)")
    private double rate;

    @Option(
            names = "--duration",
            paramLabel = "T",
            description = "what is measured (default: ${DEFAULT-VALUE})",
            defaultValue = "10s")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--warmup",
            paramLabel = "T",
            description = "what goes before (default: ${DEFAULT-VALUE})",
            defaultValue = "3s")
    private Duration warmup = Duration.ZERO;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "also show this process's CPU time and memory; repeatable (Linux)")
    private List<Long> pids = new ArrayList<>();

    @Option(names = "--json", description = "print JSON, one object a run")
    private boolean json;

    /** All combinations that were asked for. */
    List<Shape> shapes() {
        if (rate < 0 || !(rate < Double.POSITIVE_INFINITY)) {
            throw new BenchException("--rate must not be negative");
        }
        List<Shape> shapes = new ArrayList<>();
        for (int each : connections) {
            for (int requests : depth) {
                if (each < 1 || requests < 1) {
                    throw new BenchException("--connections and --depth must be at least 1");
                }
                shapes.add(new Shape(each, requests, rate));
            }
        }
        return shapes;
    }

    InetSocketAddress server() {
        return server.address();
    }

    LoadRun run() {
        return runAgainst(server.address());
    }

    /** The same load on another server. */
    LoadRun runAgainst(InetSocketAddress address) {
        if (duration.isNegative() || duration.isZero() || warmup.isNegative()) {
            throw new BenchException("--duration must be more than nothing, and --warmup not less");
        }
        return new LoadRun(address, warmup, duration, pids);
    }

    /** @param what is counted, in the plural, as in "sends" */
    Report report(String what) {
        return json ? new JsonReport(what) : new TableReport(what);
    }
}
