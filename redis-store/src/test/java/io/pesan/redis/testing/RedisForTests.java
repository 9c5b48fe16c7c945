package io.pesan.redis.testing;

import static org.awaitility.Awaitility.await;

import io.pesan.redis.RedisConfig;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real Redis server in a process of its own, on a free port of the loopback interface, with append-only persistence in
 * a new folder: it keeps its data when it is stopped and started again.
 *
 * <p>As {@code @RegisterExtension static final RedisForTests REDIS = RedisForTests.start()} it ends with the test class.
 */
public final class RedisForTests implements AfterAllCallback, AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOWEST_PORT = 10_000;
    /** Linux's default. */
    private static final int LOWEST_EPHEMERAL_PORT = 32_768;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private final List<String> commandLine;
    private final Path folder;
    private final int port;
    private Process process;
    private @Nullable PlainRedisClient client;

    private RedisForTests(Path executable, Path folder, int port, List<String> arguments) throws IOException {
        this.folder = folder;
        this.port = port;
        this.commandLine = new ArrayList<>(List.of(executable.toString()));
        commandLine.addAll(arguments);
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> this.process.destroyForcibly()));
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param arguments more of its command line, such as {@code "--requirepass", "secret"}
     */
    public static RedisForTests start(String... arguments) {
        return startExecutable(RedisExecutable.file(), arguments);
    }

    /** Starts a server of another build than the bundled one, which has no TLS. */
    public static RedisForTests startExecutable(Path executable, String... arguments) {
        try {
            Path folder = Files.createTempDirectory("redis-for-tests");
            int port = freePort();
            List<String> all = new ArrayList<>(List.of("--bind", HOST, "--port", "" + port));
            all.addAll(List.of("--dir", folder.toString(), "--appendonly", "yes", "--save", ""));
            // No server waits for a disk that is busy; what a killed one has written is there all the same.
            all.addAll(List.of("--appendfsync", "no"));
            all.addAll(List.of(arguments));
            return new RedisForTests(executable, folder, port, all).awaitPort();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Starts a Sentinel with these lines in its file of settings. */
    static RedisForTests startSentinel(List<String> settings) {
        try {
            Path folder = Files.createTempDirectory("sentinel-for-tests");
            int port = freePort();
            List<String> lines = new ArrayList<>(List.of("bind " + HOST, "port " + port, "dir " + folder));
            lines.addAll(settings);
            // A Sentinel writes down in its file what it finds out.
            Path file = Files.write(folder.resolve("sentinel.conf"), lines);
            return new RedisForTests(RedisExecutable.file(), folder, port, List.of(file.toString(), "--sentinel"))
                    .awaitPort();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** How a node reaches this server; without a password. */
    public RedisConfig config() {
        return new RedisConfig("redis://" + HOST + ":" + port, null, null);
    }

    public int port() {
        return port;
    }

    /** The server's append-only files lie in here. */
    public Path folder() {
        return folder;
    }

    /**
     * Sends one command and waits for the answer.
     *
     * @return a {@code String}, a {@code Long}, a {@code List} of these, or null
     * @throws IllegalStateException if Redis answers with an error
     */
    public synchronized @Nullable Object call(String... words) {
        try {
            PlainRedisClient current = client;
            if (current == null) {
                current = new PlainRedisClient(HOST, port);
                client = current;
            }
            return current.call(words);
        } catch (IOException broken) {
            forgetClient();
            throw new UncheckedIOException(broken);
        }
    }

    /** Deletes all data; scripts stay loaded. */
    public void clear() {
        call("FLUSHALL");
    }

    /** Stops the server in good order; its data stays. */
    public void stop() {
        forgetClient();
        process.destroy();
        awaitExit();
    }

    /** Ends the server with SIGKILL; its data stays. */
    public void kill() {
        forgetClient();
        process.destroyForcibly();
        awaitExit();
    }

    /** Starts the server again on the same port with the data that it had, and waits until it answers. */
    public void startAgain() {
        try {
            process = launch();
            awaitPort();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Halts the server with SIGSTOP: its connections stay open and nothing is answered. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets a frozen server go on. */
    public void thaw() {
        signal("CONT");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            thaw();
            kill();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException busy) {
            // A child of the killed server may still be at its files; what is left lies among temporary ones.
        }
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(commandLine)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private RedisForTests awaitPort() {
        await("Redis answers, its log is in " + folder)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .ignoreExceptionsMatching(notYet -> process.isAlive())
                .until(() -> {
                    try (PlainRedisClient probe = new PlainRedisClient(HOST, port)) {
                        return probe.isReady();
                    }
                });
        return this;
    }

    private void awaitExit() {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("Redis does not end, its log is in " + folder);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private synchronized void forgetClient() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    /**
     * A port of the loopback interface that nobody listens on now, and that is given to nobody else in this process, nor by
     * the system to a connection: whoever will listen there finds it free, also after a restart.
     */
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, LOWEST_EPHEMERAL_PORT);
            if (!GIVEN.add(port)) {
                continue;
            }
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // Another one will do.
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
