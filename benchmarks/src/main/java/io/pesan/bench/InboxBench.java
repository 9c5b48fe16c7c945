package io.pesan.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench inbox}. */
@Command(
        name = "inbox",
        description = {
            "Sends some messages to its own account and reads the inbox, again and again; measures the reading.",
            "While one connection reads an inbox every other one gets nothing from it: use as many accounts (--users) as"
                    + " connections, and depth 1, to measure whole inboxes."
        })
final class InboxBench implements Callable<Integer> {

    private static final int DEFAULT_MESSAGES = 10;

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Mixin
    private final AccountOptions accounts = new AccountOptions();

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "messages sent before each reading, 0 for an empty inbox (default: ${DEFAULT-VALUE})")
    private int messages = DEFAULT_MESSAGES;

    @Option(names = "--text-bytes", paramLabel = "N", description = "length of each text (default: ${DEFAULT-VALUE})")
    private int textBytes = TextOption.DEFAULT_BYTES;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (messages < 0) {
            throw new BenchException("--messages must not be negative");
        }
        List<Shape> shapes = load.shapes();
        String text = TextOption.text(textBytes);
        accounts.prepare(0);
        List<Account> users = accounts.accounts();
        Login login = new Login(load.server());
        Map<String, String> tokens = login.tokens(users);
        try {
            Report report = load.report("inboxes");
            PrintWriter out = spec.commandLine().getOut();
            int exit = 0;
            for (Shape shape : shapes) {
                Result result = load.run()
                        .measure(shape, (i, tally) -> conversation(i, tally, users, tokens, text), new Drain(Map.of()));
                report.show(result, out);
                exit = Math.max(exit, BenchMain.exitCode(result));
            }
            return exit;
        } finally {
            login.end(tokens.values());
        }
    }

    private Conversation conversation(
            int i, Tally tally, List<Account> users, Map<String, String> tokens, String text) {
        Account account = users.get(i % users.size());
        return new InboxConversation(account, BenchMain.tokenOf(account, tokens), messages, text, tally);
    }
}
