package io.pesan.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench send}. */
@Command(
        name = "send",
        description = {
            "Sends messages, to each recipient in turn.",
            "An inbox takes 10,000 messages by default. With --drain inboxes are emptied before and after each run, and"
                    + " during it each that has about 5,000. Few recipients fill faster than they can be emptied: start"
                    + " the node with --set inbox.max-messages=0 --set inbox.max-bytes=0, or expect INBOX_FULL."
        })
final class SendBench implements Callable<Integer> {

    private static final Duration EMPTYING = Duration.ofMinutes(2);

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Mixin
    private final AccountOptions accounts = new AccountOptions();

    @Option(
            names = "--recipients",
            paramLabel = "N",
            description = "send to bench-0 to bench-N-1 (default: to the accounts that log in)")
    private int recipients;

    @Option(
            names = "--burst",
            paramLabel = "N",
            description = "messages in a row to one recipient before the next one's turn (default: ${DEFAULT-VALUE})")
    private int burst = 1;

    @Option(names = "--text-bytes", paramLabel = "N", description = "length of each text (default: ${DEFAULT-VALUE})")
    private int textBytes = TextOption.DEFAULT_BYTES;

    @Option(
            names = "--drain",
            negatable = true,
            description = "empty the recipients' inboxes; logs all of them in (default: ${DEFAULT-VALUE})",
            defaultValue = "true",
            fallbackValue = "true")
    private boolean drain;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (burst < 1) {
            throw new BenchException("--burst must be at least 1, is " + burst);
        }
        if (recipients < 0) {
            throw new BenchException("--recipients must not be negative");
        }
        List<Shape> shapes = load.shapes();
        String text = TextOption.text(textBytes);
        accounts.prepare(recipients);
        List<Account> senders = accounts.accounts();
        List<Account> readers = recipients > 0 ? AccountOptions.bench(recipients) : senders;
        Set<Account> loggedIn = new LinkedHashSet<>(senders);
        if (drain) {
            loggedIn.addAll(readers);
        }
        Login login = new Login(load.server());
        Map<String, String> tokens = login.tokens(loggedIn);
        try {
            Drain emptying = new Drain(drain ? tokens : Map.of());
            return run(shapes, senders, tokens, new Recipients(readers, text, emptying), emptying);
        } finally {
            login.end(tokens.values());
        }
    }

    private int run(
            List<Shape> shapes, List<Account> senders, Map<String, String> tokens, Recipients readers, Drain emptying) {
        LoadRun run = load.run();
        Report report = load.report("sends");
        PrintWriter out = spec.commandLine().getOut();
        int exit = 0;
        run.empty(readers, emptying, EMPTYING);
        for (Shape shape : shapes) {
            Result result =
                    run.measure(shape, (i, tally) -> conversation(i, tally, senders, tokens, readers), emptying);
            report.show(result, out);
            exit = Math.max(exit, BenchMain.exitCode(result));
            run.empty(readers, emptying, EMPTYING);
        }
        return exit;
    }

    private Conversation conversation(
            int i, Tally tally, List<Account> senders, Map<String, String> tokens, Recipients readers) {
        String token = BenchMain.tokenOf(senders.get(i % senders.size()), tokens);
        return new SendConversation(token, readers, i * STRIDE, burst, tally);
    }

    /** Between the first recipients of two connections: a prime, so that connections spread over all of them. */
    static final int STRIDE = 61;
}
