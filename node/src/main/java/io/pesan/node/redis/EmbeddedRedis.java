package io.pesan.node.redis;

import io.pesan.node.config.StartFailure;
import io.pesan.redis.RedisConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis of the node's own, for one machine. It listens on loopback, on a free port with a random password, and is
 * started again with both should it end while the node lives.
 *
 * <p>Its methods block; a thread of its own watches the process.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final int PASSWORD_BYTES = 32;
    private static final int START_ATTEMPTS = 3;
    private static final Duration PREDECESSOR_PATIENCE = Duration.ofSeconds(15);
    /** Its guard stops it at once: who still runs then has lost its guard. */
    private static final Duration PREDECESSOR_NOTICE = Duration.ofSeconds(3);
    /** Between the start of the process and its first answer; reading the append-only file does not count. */
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(15);

    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long MAX_BACKOFF_MILLIS = 5_000;

    private final DataDirectory directory;
    private final RedisFiles files;
    private final String password;
    private final Thread watch;
    private final CountDownLatch closing = new CountDownLatch(1);
    private int port;
    private GuardedRedis run;

    private EmbeddedRedis(DataDirectory directory) throws IOException {
        this.directory = directory;
        this.files = new RedisFiles(directory.path());
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        this.password = HexFormat.of().formatHex(random);
        files.prepare();
        this.run = startOnAFreePort();
        this.watch = new Thread(this::keepAlive, "embedded-redis-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /**
     * Takes the data directory and starts Redis on what is in it. Blocks until Redis serves.
     *
     * @throws StartFailure if another node has the directory, or Redis does not start
     */
    public static EmbeddedRedis start(Path dataDirectory) {
        DataDirectory directory =
                DataDirectory.take(dataDirectory.toAbsolutePath().normalize());
        try {
            awaitPredecessor(directory);
            return new EmbeddedRedis(directory);
        } catch (IOException failure) {
            release(directory);
            throw new StartFailure(
                    "redis.data-dir " + directory.path() + ": the embedded Redis can't be started: "
                            + failure.getMessage(),
                    failure);
        } catch (StartFailure failure) {
            release(directory);
            throw failure;
        }
    }

    /** How to reach it. */
    public RedisConfig config() {
        return new RedisConfig("redis://127.0.0.1:" + port, password, null);
    }

    /** Stops Redis in good order, within 10 s, and gives up the data directory. */
    @Override
    public void close() {
        GuardedRedis last;
        synchronized (this) {
            closing.countDown();
            last = run;
        }
        last.stop();
        release(directory);
    }

    private GuardedRedis startOnAFreePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            port = freePort();
            files.writeConfiguration(port, password);
            GuardedRedis redis = GuardedRedis.start(directory, files);
            if (serves(redis)) {
                return redis;
            }
            redis.stop();
            // Another process may have taken the port meanwhile.
            if (attempt == START_ATTEMPTS) {
                throw new StartFailure("the embedded Redis does not start; " + files.log() + " ends: " + lastLine());
            }
        }
    }

    private boolean serves(GuardedRedis redis) {
        long deadline = System.nanoTime() + ANSWER_PATIENCE.toNanos();
        while (redis.isAlive() && System.nanoTime() < deadline) {
            switch (RedisPing.ask(port, password)) {
                case SERVES -> {
                    return true;
                }
                case LOADS -> deadline = System.nanoTime() + ANSWER_PATIENCE.toNanos();
                case SILENT -> {
                    // Asked again below.
                }
            }
            Pause.briefly();
        }
        return false;
    }

    private void keepAlive() {
        try {
            long backoff = FIRST_BACKOFF_MILLIS;
            while (true) {
                int status = current().awaitEnd();
                if (isClosing()) {
                    return;
                }
                LOG.atError()
                        .addKeyValue("status", status)
                        .addKeyValue("log", files.log())
                        .log("the embedded Redis ended; starting it again");
                current().stop();
                backoff = startAgain(backoff);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the back-off for the next time: the first again once Redis serves. */
    private long startAgain(long backoff) throws InterruptedException {
        if (closing.await(backoff, TimeUnit.MILLISECONDS)) {
            return backoff;
        }
        synchronized (this) {
            if (isClosing()) {
                return backoff;
            }
            try {
                run = GuardedRedis.start(directory, files);
            } catch (IOException failure) {
                LOG.atError().setCause(failure).log("the embedded Redis can't be started");
                return Math.min(MAX_BACKOFF_MILLIS, backoff * 2);
            }
        }
        return serves(current()) ? FIRST_BACKOFF_MILLIS : Math.min(MAX_BACKOFF_MILLIS, backoff * 2);
    }

    private synchronized GuardedRedis current() {
        return run;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** A killed node's Redis is still writing out what it has. The lock says that its node is gone. */
    private static void awaitPredecessor(DataDirectory directory) {
        long began = System.nanoTime();
        boolean told = false;
        while (directory.leftBehind().isPresent()) {
            long waited = System.nanoTime() - began;
            if (waited > PREDECESSOR_PATIENCE.toNanos()) {
                throw new StartFailure("redis.data-dir " + directory.path() + " is in use by process "
                        + directory.leftBehind().map(ProcessHandle::pid).orElse(0L)
                        + ", left by a node that has ended; stop it first");
            }
            if (!told && waited > PREDECESSOR_NOTICE.toNanos()) {
                directory.redis().ifPresent(EmbeddedRedis::askToEnd);
                told = true;
            }
            Pause.briefly();
        }
    }

    private static void askToEnd(ProcessHandle redis) {
        LOG.atWarn().addKeyValue("pid", redis.pid()).log("a Redis that its node left behind is asked to end");
        redis.destroy();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String lastLine() throws IOException {
        List<String> lines = Files.exists(files.log()) ? Files.readAllLines(files.log()) : List.of();
        return lines.isEmpty() ? "(empty)" : lines.get(lines.size() - 1);
    }

    private static void release(DataDirectory directory) {
        try {
            directory.close();
        } catch (IOException failure) {
            LOG.atWarn().addKeyValue("path", directory.path()).setCause(failure).log("the lock can't be released");
        }
    }
}
