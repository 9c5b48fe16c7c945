package io.pesan.bench;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
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

/** {@code bench listen}. */
@Command(
        name = "listen",
        description = {
            "Sends messages to accounts that listen; measures the time from sending until they arrive.",
            "With --rate that is the time from when a message should have been sent. Each listener acknowledges what it"
                    + " has received."
        })
final class ListenBench implements Callable<Integer> {

    private static final int HIGHEST_PORT = 65_535;

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Mixin
    private final AccountOptions accounts = new AccountOptions();

    @Option(
            names = "--listeners",
            paramLabel = "N",
            description = "bench-0 to bench-N-1 listen, a connection each (default: ${DEFAULT-VALUE})")
    private int listeners = 1_000;

    @Option(
            names = "--listen-port",
            paramLabel = "P",
            description = "listen on the gateway with this port, of another node for instance (default: --port)")
    private int listenPort;

    @Option(names = "--text-bytes", paramLabel = "N", description = "length of each text (default: ${DEFAULT-VALUE})")
    private int textBytes = TextOption.DEFAULT_BYTES;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (listeners < 1) {
            throw new BenchException("--listeners must be at least 1");
        }
        if (listenPort < 0 || listenPort > HIGHEST_PORT) {
            throw new BenchException("--listen-port must be 1 to " + HIGHEST_PORT);
        }
        List<Shape> shapes = load.shapes();
        accounts.prepare(listeners);
        List<Account> senders = accounts.accounts();
        List<Account> recipients = AccountOptions.bench(listeners);
        Set<Account> all = new LinkedHashSet<>(recipients);
        all.addAll(senders);
        Login login = new Login(load.server());
        Map<String, String> tokens = login.tokens(all);
        try {
            return run(shapes, senders, recipients, tokens);
        } finally {
            login.end(tokens.values());
        }
    }

    private int run(List<Shape> shapes, List<Account> senders, List<Account> recipients, Map<String, String> tokens) {
        LoadRun run = load.run();
        Report report = load.report("arrivals");
        PrintWriter out = spec.commandLine().getOut();
        int exit = 0;
        for (Shape shape : shapes) {
            Tally tally = new Tally();
            PushedMessages pushed = new PushedMessages(listenAddress(), recipients, tokens, tally);
            String text = TextOption.text(textBytes);
            Result result = run.measure(
                    shape,
                    tally,
                    (i, counted) -> new StampedConversation(
                            BenchMain.tokenOf(senders.get(i % senders.size()), tokens),
                            recipients,
                            i * SendBench.STRIDE,
                            text,
                            pushed,
                            counted),
                    pushed);
            report.show(result, out);
            exit = Math.max(exit, BenchMain.exitCode(result));
        }
        return exit;
    }

    private InetSocketAddress listenAddress() {
        InetSocketAddress server = load.server();
        return listenPort == 0 ? server : new InetSocketAddress(server.getHostString(), listenPort);
    }
}
