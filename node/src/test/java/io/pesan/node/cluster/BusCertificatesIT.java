package io.pesan.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Certificates whose files change while nodes run. */
@Timeout(180)
class BusCertificatesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(BusCertificates.class);

    @TempDir
    private Path folder;

    private final Buses buses = new Buses();
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();

    @BeforeEach
    void listen() {
        told.start();
        LOGGER.setLevel(Level.INFO);
        LOGGER.addAppender(told);
    }

    @AfterEach
    void close() throws Exception {
        LOGGER.detachAppender(told);
        LOGGER.setLevel(null);
        buses.close();
    }

    @Test
    void newConnectionsShowAndAskForWhatTheFilesHoldNow() throws Exception {
        PrivateAuthority before = new PrivateAuthority(folder, "before");
        before.issue("a", 1);
        before.issue("b", 1);
        PrivateAuthority after = new PrivateAuthority(folder, "after");
        after.issue("new-a", 1);
        after.issue("c", 1);
        mount("a", before.file(), "a", "a");
        AtomicInteger reached = new AtomicInteger();
        int port = RedisForTests.freePort();
        int membership = RedisForTests.freePort();
        Vertx a = buses.bus("a", port, membership, tls("a"));
        Buses.consume(a, reached);
        mount("b", before.file(), "b", "b");
        Vertx b = buses.bus("b", 0, 0, tls("b", membership));
        Buses.get(b.eventBus().request(Buses.ADDRESS, null));
        getIn(port, "b", reached);

        mount("a", after.file(), "new-a", "new-a");
        await().atMost(PATIENCE).until(() -> told.list.size() == 1);
        assertThat(told.list.get(0).getLevel()).isEqualTo(Level.INFO);
        assertThat(values(told.list.get(0))).first().isEqualTo("CN=new-a");

        reached.set(0);
        await("the old authority's are refused").atMost(PATIENCE).untilTrue(buses.forge(port, holding("b")));
        assertThat(reached).hasValue(0);
        Buses.get(b.eventBus().request(Buses.ADDRESS, null));
        assertThat(reached).as("the connections from before go on").hasValue(1);
        mount("c", after.file(), "c", "c");
        Vertx c = buses.bus("c", 0, 0, tls("c", membership));
        // The answer takes a connection that a makes: c believes the new authority alone.
        Buses.get(c.eventBus().request(Buses.ADDRESS, null));
        assertThat(reached).hasValue(2);
        assertThat(told.list).hasSize(1);
    }

    @Test
    void whatCanNotBeUsedIsToldOnceAndChangesNothing() throws Exception {
        PrivateAuthority authority = new PrivateAuthority(folder, "ours");
        authority.issue("a", 1);
        authority.issue("other", 1);
        mount("a", authority.file(), "a", "a");
        AtomicInteger reached = new AtomicInteger();
        int port = RedisForTests.freePort();
        Buses.consume(buses.bus("a", port, 0, tls("a")), reached);

        mount("a", authority.file(), "other", "a");
        await().atMost(PATIENCE).until(() -> told.list.size() == 1);
        assertThat(told.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(values(told.list.get(0)))
                .containsExactly("cluster.tls.key-file " + folder.resolve("mount-a/tls.key")
                        + ": is not the key of cluster.tls.certificate-file " + folder.resolve("mount-a/tls.crt"));
        Files.delete(folder.resolve("mount-a/..data"));
        await().atMost(PATIENCE).until(() -> told.list.size() == 2);
        assertThat(values(told.list.get(1)))
                .containsExactly("cluster.tls.certificate-file " + folder.resolve("mount-a/tls.crt")
                        + ": there is no such file");
        getIn(port, "other", reached);

        mount("a", authority.file(), "other", "other");
        await().atMost(PATIENCE).until(() -> told.list.size() == 3);
        assertThat(values(told.list.get(2))).first().isEqualTo("CN=other");
    }

    @Test
    void whatWasRefusedIsTriedAgainAndToldOnce() throws Exception {
        PrivateAuthority authority = new PrivateAuthority(folder, "ours");
        authority.issue("a", 1);
        mount("a", authority.file(), "a", "a");
        Vertx bus = buses.bus("a", 0, 0, tls("a"));
        try (BusCertificates certificates = new BusCertificates(authority.tls("a"), Duration.ofMillis(1))) {
            certificates.follow(bus);
            authority.issue("later", Instant.now().plusSeconds(20));
            for (String file : List.of(".pem", ".key")) {
                Files.copy(
                        folder.resolve("later" + file),
                        folder.resolve("a" + file),
                        StandardCopyOption.REPLACE_EXISTING);
            }

            await().atMost(PATIENCE).until(() -> told.list.size() == 2);
            assertThat(told.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
            assertThat(values(told.list.get(0))).first().asString().contains("not valid before");
        }
    }

    /** As Kubernetes mounts a secret: files that lead through a link to a folder, which is replaced in one step. */
    private void mount(String node, Path authority, String certificate, String key) throws Exception {
        Path mount = Files.createDirectories(folder.resolve("mount-" + node));
        Path version = Files.createTempDirectory(mount, "..");
        Files.copy(authority, version.resolve("ca.crt"));
        Files.copy(folder.resolve(certificate + ".pem"), version.resolve("tls.crt"));
        Files.copy(folder.resolve(key + ".key"), version.resolve("tls.key"));
        Path next = Files.createSymbolicLink(mount.resolve("..data_tmp"), version.getFileName());
        Files.move(next, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String file : List.of("ca.crt", "tls.crt", "tls.key")) {
            if (!Files.isSymbolicLink(mount.resolve(file))) {
                Files.createSymbolicLink(mount.resolve(file), Path.of("..data", file));
            }
        }
    }

    /** Again if it is turned away: on a busy machine a handshake may take longer than the bus waits. */
    private void getIn(int port, String certificate, AtomicInteger reached) throws Exception {
        int before = reached.get();
        while (reached.get() == before) {
            AtomicBoolean closed = buses.forge(port, holding(certificate));
            await().atMost(PATIENCE).until(() -> closed.get() || reached.get() > before);
        }
    }

    private ClientSSLOptions holding(String certificate) {
        return new ClientSSLOptions()
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(folder.resolve(certificate + ".pem").toString())
                        .setKeyPath(folder.resolve(certificate + ".key").toString()));
    }

    private String[] tls(String node) {
        Path mount = folder.resolve("mount-" + node);
        return new String[] {
            "cluster.tls.certificate-file=" + mount.resolve("tls.crt"),
            "cluster.tls.key-file=" + mount.resolve("tls.key"),
            "cluster.tls.ca-file=" + mount.resolve("ca.crt")
        };
    }

    private String[] tls(String node, int membership) {
        String[] files = tls(node);
        return new String[] {files[0], files[1], files[2], "cluster.members=127.0.0.1:" + membership};
    }

    private static List<Object> values(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs.stream().map(pair -> pair.value).toList();
    }
}
