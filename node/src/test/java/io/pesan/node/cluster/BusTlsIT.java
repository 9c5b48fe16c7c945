package io.pesan.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.pesan.node.config.StartFailure;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets anything out of an event bus, and who does not. */
class BusTlsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private static Path folder;

    private static PrivateAuthority ours;
    private static PrivateAuthority theirs;

    private final Buses buses = new Buses();

    @BeforeAll
    static void issueCertificates() throws Exception {
        ours = new PrivateAuthority(folder, "ours");
        theirs = new PrivateAuthority(folder, "theirs");
        ours.issue("a", 1);
        ours.issue("b", 1);
        ours.issue("server", 1, "extendedKeyUsage=serverAuth");
        ours.issue("expired", -1);
        theirs.issue("stranger", 1);
    }

    @AfterEach
    void close() throws Exception {
        buses.close();
    }

    @Test
    void aForgedFrameReachesAConsumerOfABusWithoutTls() throws Exception {
        AtomicInteger reached = new AtomicInteger();
        int port = RedisForTests.freePort();
        Buses.consume(buses.bus("plain", port, 0), reached);

        buses.forge(port, null);

        await().atMost(PATIENCE).until(() -> reached.get() == 1);
    }

    @Test
    void withMutualTlsOnlyAHolderOfACertificateIsServed() throws Exception {
        AtomicInteger reached = new AtomicInteger();
        int port = RedisForTests.freePort();
        int membership = RedisForTests.freePort();
        Buses.consume(buses.bus("a", port, membership, tls("a")), reached);

        await().atMost(PATIENCE).untilTrue(buses.forge(port, null));
        await().atMost(PATIENCE).untilTrue(buses.forge(port, new ClientSSLOptions()));
        await().atMost(PATIENCE)
                .untilTrue(buses.forge(
                        port,
                        new ClientSSLOptions()
                                .setKeyCertOptions(new PemKeyCertOptions()
                                        .setCertPath(
                                                folder.resolve("stranger.pem").toString())
                                        .setKeyPath(
                                                folder.resolve("stranger.key").toString()))));
        assertThat(reached).hasValue(0);

        Vertx node = buses.bus("b", 0, 0, tls("b", "cluster.members=127.0.0.1:" + membership));
        Buses.get(node.eventBus().request(Buses.ADDRESS, null));
        assertThat(reached).hasValue(1);
    }

    @Test
    void refusesFilesThatOtherNodesWouldNotAccept() throws Exception {
        assertRefused("cluster.tls.certificate-file " + folder.resolve("none.pem") + ": there is no such file", "none");
        assertRefused("cluster.tls.certificate-file " + folder.resolve("expired.pem") + ": expired at 2", "expired");
        assertRefused(
                "cluster.tls.certificate-file " + folder.resolve("stranger.pem")
                        + ": is not from the authority of cluster.tls.ca-file " + ours.file(),
                "stranger");
        assertRefused(
                "cluster.tls.certificate-file " + folder.resolve("server.pem")
                        + ": its extended key usage must name servers and clients",
                "server");
        Files.copy(folder.resolve("a.pem"), folder.resolve("keyless.pem"));
        assertRefused("cluster.tls.key-file " + folder.resolve("keyless.key") + ": there is no such file", "keyless");
        Files.writeString(folder.resolve("keyless.key"), "nothing");
        assertRefused("cluster.tls.key-file " + folder.resolve("keyless.key") + ": there is no private key", "keyless");
        Files.copy(folder.resolve("a.pem"), folder.resolve("mixed.pem"));
        Files.copy(folder.resolve("b.key"), folder.resolve("mixed.key"));
        assertRefused("cluster.tls.key-file " + folder.resolve("mixed.key") + ": is not the key of ", "mixed");
        // Neither form is one that can be compared with the certificate.
        for (String form : List.of("ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY")) {
            Files.writeString(
                    folder.resolve("mixed.key"), "-----BEGIN " + form + "-----\nAAAA\n-----END " + form + "-----\n");
            assertRefused(
                    "cluster.tls.key-file " + folder.resolve("mixed.key") + ": must be an unencrypted PKCS#8 key",
                    "mixed");
        }
    }

    private static void assertRefused(String message, String holder) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> ours.tls(holder))
                .satisfies(failure ->
                        assertThat(failure.getMessage()).startsWith(message).doesNotContain("\n"));
    }

    private static String[] tls(String holder, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "cluster.tls.certificate-file=" + folder.resolve(holder + ".pem"),
                "cluster.tls.key-file=" + folder.resolve(holder + ".key"),
                "cluster.tls.ca-file=" + ours.file()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
