package io.pesan.bench;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench idle}. */
@Command(
        name = "idle",
        description =
                "Opens connections that are logged in, and holds them; with --pid shows what each costs in memory.")
final class IdleBench implements Callable<Integer> {

    private static final int DEFAULT_CONNECTIONS = 1000;
    private static final long RESUME_NANOS = TimeUnit.MINUTES.toNanos(2);

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final AccountOptions accounts = new AccountOptions();

    @Option(names = "--connections", paramLabel = "N", description = "how many (default: ${DEFAULT-VALUE})")
    private int connections = DEFAULT_CONNECTIONS;

    @Option(
            names = "--duration",
            paramLabel = "T",
            description = "for how long they are held (default: ${DEFAULT-VALUE})",
            defaultValue = "10s")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "show how this process's memory grows; repeatable (Linux)")
    private List<Long> pids = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (connections < 1) {
            throw new BenchException("--connections must be at least 1");
        }
        accounts.prepare(0);
        List<Account> users = accounts.accounts();
        Login login = new Login(server.address());
        Map<String, String> tokens = login.tokens(users);
        List<ProcessUsage> before = pids.stream().map(ProcessUsage::of).toList();
        try (LoadLoop loop = new LoadLoop(server.address())) {
            List<Resuming> resuming = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                Account user = users.get(i % users.size());
                Resuming conversation = new Resuming(BenchMain.tokenOf(user, tokens));
                resuming.add(conversation);
                loop.connect(conversation, Pace.CLOSED, 1);
            }
            loop.awaitConnected();
            loop.startAsking(Schedule.NONE);
            if (!loop.run(() -> resuming.stream().allMatch(Resuming::isDone), System.nanoTime() + RESUME_NANOS)) {
                throw new BenchException("not every connection got an answer to resume");
            }
            loop.run(() -> false, System.nanoTime() + duration.toNanos());
            show(before);
        } finally {
            login.end(tokens.values());
        }
        return 0;
    }

    private void show(List<ProcessUsage> before) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(connections + " connections logged in and held for " + duration.toSeconds() + " s");
        for (int i = 0; i < pids.size(); i++) {
            long grown =
                    ProcessUsage.of(pids.get(i)).residentBytes() - before.get(i).residentBytes();
            out.println(String.format(
                    Locale.ROOT,
                    "process %d: resident memory grew by %d KiB, %d bytes a connection",
                    pids.get(i),
                    grown >> 10,
                    grown / connections));
        }
        out.flush();
    }

    /** Binds its connection to a session, once. */
    private static final class Resuming implements Conversation {

        private final byte[] request;
        private boolean asked;
        private boolean done;

        Resuming(String token) {
            this.request = ("resume " + token + "\n").getBytes(StandardCharsets.US_ASCII);
        }

        boolean isDone() {
            return done;
        }

        @Override
        public boolean ask(ByteBuffer out, long now) {
            if (asked) {
                return false;
            }
            asked = true;
            out.put(request);
            return true;
        }

        @Override
        public void answered(byte[] bytes, int from, int to, long started, long now) {
            if (!ReplyText.isOk(bytes, from, to)) {
                throw new BenchException("resume was refused: " + ReplyText.code(bytes, from, to));
            }
            done = true;
        }

        @Override
        public void lost(String reason, int unanswered) {
            throw new BenchException("an idle connection was lost: " + reason);
        }
    }
}
