package io.pesan.bench;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench connect}. */
@Command(
        name = "connect",
        description = "Connects, waits for the answer to a ping, and resets the connection, again and again.")
final class ConnectBench implements Callable<Integer> {

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Report report = load.report("connects");
        int exit = 0;
        for (Shape shape : load.shapes()) {
            if (shape.rate() != 0) {
                throw new BenchException("--rate doesn't apply to connect");
            }
            Shape oneDeep = new Shape(shape.connections(), 1, 0);
            Result result =
                    load.run().measure(oneDeep, (i, tally) -> new ConnectConversation(tally), new Drain(Map.of()));
            report.show(result, spec.commandLine().getOut());
            exit = Math.max(exit, BenchMain.exitCode(result));
        }
        return exit;
    }
}
