package io.pesan.redis.testing;

import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Several servers, with the settings under which nothing that was acknowledged is lost when one of them is. */
abstract class RedisGroup implements AutoCloseable {

    static final String HOST = "127.0.0.1";
    /**
     * A Sentinel whose timer was late by two seconds fails nobody over for half a minute, and an election that failed is repeated
     * after twenty seconds.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final List<String> SAFE = List.of("--min-replicas-to-write", "1", "--min-replicas-max-lag", "3");

    private final List<RedisForTests> servers = new ArrayList<>();

    final RedisForTests launch(String... arguments) {
        List<String> all = new ArrayList<>(SAFE);
        all.addAll(List.of("--repl-diskless-sync-delay", "0"));
        all.addAll(List.of(arguments));
        return add(RedisForTests.start(all.toArray(String[]::new)));
    }

    final RedisForTests add(RedisForTests server) {
        servers.add(server);
        return server;
    }

    final RedisForTests onPort(int port) {
        return servers.stream()
                .filter(server -> server.port() == port)
                .findFirst()
                .orElseThrow();
    }

    static String text(RedisForTests server, String... words) {
        return String.valueOf(server.call(words));
    }

    static List<?> list(RedisForTests server, String... words) {
        return (List<?>) Objects.requireNonNull(server.call(words));
    }

    static void awaitReplicas(RedisForTests primary, int count) {
        await("replicas follow")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> text(primary, "INFO", "replication")
                                .lines()
                                .filter(line -> line.startsWith("slave") && line.contains("state=online"))
                                .count()
                        == count);
    }

    /** A server that does not answer, or closes the connection, is asked again. */
    static void awaitThat(String what, Callable<Boolean> condition) {
        await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(condition);
    }

    @Override
    public void close() {
        servers.forEach(RedisForTests::close);
    }
}
