package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** A client that logs out of one of many sessions after the other, and remembers of which it was told so. */
final class LogOuts implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** Sessions are not to be used up while Redis is away. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final IntSupplier gateway;
    private final List<String> tokens = new ArrayList<>();
    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "log-outs");
    private volatile boolean stopping;

    /** Logs in so often. */
    LogOuts(IntSupplier gateway, String user, String password, int sessions) {
        this.gateway = gateway;
        try (WireClient client = new WireClient(gateway.getAsInt())) {
            for (int i = 0; i < sessions; i++) {
                tokens.add(client.logIn(user, password));
            }
        }
    }

    LogOuts start() {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** How many sessions ended until now. */
    int count() {
        return ended.size();
    }

    private void run() {
        for (String token : tokens) {
            if (stopping) {
                return;
            }
            try (WireClient client = new WireClient(gateway.getAsInt())) {
                if (client.ask("logout " + token).startsWith("{\"status\": \"OK\"")) {
                    ended.add(token);
                } else {
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            } catch (UncheckedIOException broken) {
                // Whether it has ended nobody knows.
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** No token that was logged out counts any more. */
    void checkThatNoneCameBack() {
        try (WireClient client = new WireClient(gateway.getAsInt())) {
            assertThat(ended)
                    .allSatisfy(token ->
                            assertThat(client.ask("whoami " + token)).contains("\"code\": \"SESSION_UNKNOWN\""));
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Lets it finish the command under way. */
    void stop() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
