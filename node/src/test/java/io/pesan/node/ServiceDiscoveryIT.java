package io.pesan.node;

import static io.pesan.node.Nodes.await;
import static io.pesan.node.Nodes.health;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.node.redis.EmbeddedRedis;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that knows of others by a name alone, whose addresses are theirs and its own, as a headless service's are: all on the port that
 * it listens on itself. The answer comes from a file that its JVM reads instead of asking a server.
 */
class ServiceDiscoveryIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String SERVICE = "pesan-nodes";
    private static final String OWN_ADDRESS = "127.0.0.1";
    /** Loopback, too: by a relay, as this machine can't give itself another address. */
    private static final String OTHER_ADDRESS = "127.0.0.2";
    /** Of a pod that is only being started. */
    private static final String SILENT_ADDRESS = "127.0.0.3";

    @TempDir
    private Path folder;

    @Test
    void findsTheOtherAmongTheAddressesOfAName() throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux"), "only Linux listens on every loopback address");
        int port = RedisForTests.freePort();
        int membership = RedisForTests.freePort();
        int bus = RedisForTests.freePort();
        int management = RedisForTests.freePort();
        Vertx vertx = Vertx.vertx();
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"))) {
            Relay towardsMembership = Relay.open(vertx, OTHER_ADDRESS, port, membership);
            Relay towardsBus = Relay.open(vertx, OTHER_ADDRESS, 0, bus);
            PesanNode first = Nodes.of(Nodes.settings(
                    folder,
                    "first",
                    redis.config(),
                    "cluster.port=" + membership,
                    "cluster.bus-port=" + bus,
                    "cluster.public-host=" + OTHER_ADDRESS,
                    "cluster.public-port=" + port,
                    "cluster.public-bus-port=" + towardsBus.port()));
            await(first.start());
            List<String> settings = Nodes.settings(
                    folder,
                    "second",
                    redis.config(),
                    "cluster.port=" + port,
                    "management.port=" + management,
                    "cluster.kubernetes-service=" + SERVICE);
            try (ChildJvm second = ChildJvm.start(List.of("-Djdk.net.hosts.file=" + answer()), up(settings))) {
                second.awaitLine(line -> line.contains("is ready"));

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(health(management, "ready"))
                                .startsWith("200 {\"status\":\"up\",\"members\":2,"));
                assertThat(health(first, "ready")).startsWith("200 {\"status\":\"up\",\"members\":2,");
                assertThat(towardsMembership.connections()).isPositive();
                second.signal("TERM");
                assertThat(second.awaitExit()).isZero();
            } finally {
                await(first.stop());
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private Path answer() throws Exception {
        // A node asks for this machine's own name as well.
        String machine = InetAddress.getLocalHost().getHostName();
        return Files.writeString(folder.resolve("hosts"), """
                127.0.0.1 localhost %s
                %s %s
                %s %s
                %s %s
                """.formatted(
                        machine, OWN_ADDRESS, SERVICE, OTHER_ADDRESS, SERVICE, SILENT_ADDRESS, SERVICE));
    }

    private static String[] up(List<String> settings) {
        List<String> arguments = new ArrayList<>(List.of("up"));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return arguments.toArray(String[]::new);
    }
}
