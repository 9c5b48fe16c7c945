package io.pesan.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench calibrate}. */
@Command(
        name = "calibrate",
        description = "Sends to a server of its own that says OK at once: shows what this generator itself costs, and"
                + " where its limit is. --host and --port mean nothing here.")
final class CalibrateBench implements Callable<Integer> {

    private static final String TOKEN = "00000000-0000-4000-8000-000000000000";
    private static final int RECIPIENTS = 1000;

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Report report = load.report("sends");
        List<Account> accounts = AccountOptions.bench(RECIPIENTS);
        int exit = 0;
        try (Responder responder = new Responder()) {
            LoadRun run = load.runAgainst(responder.address());
            for (Shape shape : load.shapes()) {
                Drain nothing = new Drain(Map.of());
                Recipients readers = new Recipients(accounts, TextOption.text(TextOption.DEFAULT_BYTES), nothing);
                Result result =
                        run.measure(shape, (i, tally) -> new SendConversation(TOKEN, readers, i, 1, tally), nothing);
                report.show(result, spec.commandLine().getOut());
                exit = Math.max(exit, BenchMain.exitCode(result));
            }
        }
        return exit;
    }
}
