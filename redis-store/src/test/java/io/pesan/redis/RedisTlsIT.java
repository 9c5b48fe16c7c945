package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.EventLoop;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS to Redis. Needs {@code redis-server} and {@code openssl} on the path: the bundled Redis has no TLS. */
class RedisTlsIT {

    private static final int TLS_PORT = RedisForTests.freePort();
    private static final EventLoop LOOP = new EventLoop();

    @TempDir
    static Path folder = Path.of("");

    private static @Nullable RedisForTests redis;
    private static String certificate = "";

    @BeforeAll
    static void startRedis() throws IOException, InterruptedException {
        Optional<Path> server = onPath("redis-server");
        assumeTrue(server.isPresent() && onPath("openssl").isPresent(), "redis-server or openssl is not installed");
        certificate = folder.resolve("cert.pem").toString();
        Path key = folder.resolve("key.pem");
        selfSigned(key, Path.of(certificate));
        String tls = "--tls-port " + TLS_PORT + " --tls-cert-file " + certificate + " --tls-key-file " + key
                + " --tls-auth-clients no";
        redis = RedisForTests.startExecutable(server.orElseThrow(), tls.split(" ", -1));
    }

    @AfterAll
    static void close() {
        LOOP.close();
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void speaksTlsToAServerWhoseAuthorityItTrusts() {
        RedisLink link = open("localhost", certificate);
        Await.result(link.connected());
        assertThat(LOOP.run(() -> link.send(Request.cmd(Command.PING))).toString())
                .isEqualTo("PONG");
        LOOP.run(link::close);
    }

    @Test
    void doesNotSpeakToAServerThatNoTrustedAuthoritySigned() {
        assertStaysAway(open("localhost", null));
    }

    @Test
    void trustsWhatTheFileHoldsWhenAConnectionIsMade() throws IOException, InterruptedException {
        Path authority = folder.resolve("authority.pem");
        selfSigned(folder.resolve("old.key"), authority);
        RedisLink link = open("localhost", authority.toString());
        await().during(Duration.ofMillis(500)).until(() -> !link.connected().isComplete());

        Files.copy(Path.of(certificate), authority, StandardCopyOption.REPLACE_EXISTING);

        Await.result(link.connected());
        LOOP.run(link::close);
    }

    @Test
    void doesNotSpeakToAServerOfAnotherName() {
        assertStaysAway(open("127.0.0.1", certificate));
    }

    private static void selfSigned(Path key, Path certificate) throws IOException, InterruptedException {
        String openssl = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                + " -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout " + key + " -out " + certificate;
        int exit = new ProcessBuilder(openssl.split(" ", -1))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    private static void assertStaysAway(RedisLink link) {
        await().during(Duration.ofMillis(500)).until(() -> !link.connected().isComplete());
        LOOP.run(link::close);
    }

    private static RedisLink open(String host, @Nullable String caFile) {
        RedisConfig config = new RedisConfig("rediss://" + host + ":" + TLS_PORT, null, caFile);
        return LOOP.run(() -> Future.succeededFuture(RedisLink.open(LOOP.vertx(), config, List.of())));
    }

    private static Optional<Path> onPath(String program) {
        String path = String.valueOf(System.getenv("PATH"));
        return Stream.of(path.split(Pattern.quote(File.pathSeparator), -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
