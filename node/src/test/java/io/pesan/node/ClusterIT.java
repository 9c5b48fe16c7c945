package io.pesan.node;

import static io.pesan.node.Nodes.await;
import static io.pesan.node.Nodes.health;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.pesan.node.config.StartFailure;
import io.pesan.node.redis.EmbeddedRedis;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes of one cluster in this process, over one Redis. */
class ClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private static Path folder;

    private static EmbeddedRedis redis;

    private final List<PesanNode> running = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        redis = EmbeddedRedis.start(folder.resolve("redis"));
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @AfterEach
    void stopNodes() throws Exception {
        for (PesanNode node : running) {
            await(node.stop());
        }
    }

    @Test
    void anyNodeServesAnyClient() throws Exception {
        PesanNode first = start("n1", "accounts.demo=true");
        PesanNode second = start("n2", members(first));
        PesanNode third = start("n3", members(first));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(health(first, "ready")).startsWith("200 {\"status\":\"up\",\"members\":3,"));
        String token;
        try (Line messi = new Line(first.gatewayPort())) {
            token = messi.ask("auth messi surabaya").replaceAll(".*\"tokenid\": \"([^\"]*)\".*", "$1");
        }
        try (Line elsewhere = new Line(second.gatewayPort())) {
            assertThat(elsewhere.ask("send " + token + " henderson hola")).contains("Message Sent");
        }
        try (Line henderson = new Line(third.gatewayPort())) {
            henderson.ask("auth henderson surabaya");
            assertThat(henderson.ask("inbox")).contains("hola");
        }
    }

    @Test
    void aGatewayWithoutServicesIsReadyWhenTheyAreAndNeedsNoRedis() throws Exception {
        PesanNode gateway = Nodes.of(Nodes.gatewaySettings(folder, "edge"));
        running.add(gateway);
        await(gateway.start());

        assertThat(health(gateway, "started")).startsWith("200");
        assertThat(health(gateway, "ready"))
                .isEqualTo("503 {\"status\":\"down\",\"members\":1,\"checks\":{\"node\":\"up\","
                        + "\"services\":\"no node offers pesan.session, pesan.inbox\"}}");
        assertThat(folder.resolve("edge").resolve("redis.conf")).doesNotExist();

        PesanNode session = start("session", members(gateway), "node.roles=session", "accounts.demo=true");
        PesanNode inbox = start("inbox", members(gateway), "node.roles=inbox");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(health(gateway, "ready")).startsWith("200"));
        try (Line client = new Line(gateway.gatewayPort())) {
            assertThat(client.ask("auth messi surabaya")).contains("\"status\": \"OK\"");
            assertThat(client.ask("send messi hola")).contains("Message Sent");
        }
        assertThat(session.gatewayPort()).isZero();

        running.remove(inbox);
        await(inbox.stop());
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(health(gateway, "ready")).contains("\"services\":\"no node offers pesan.inbox\""));
    }

    @Test
    void theSecondOfTwoNodesOfOneNameIsRefused() throws Exception {
        PesanNode first = start("twin");

        assertStartFails(
                "node.id: there is a node twin in the cluster already, at 127.0.0.1:" + first.clusterPort(),
                "twin",
                members(first));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(health(first, "ready")).startsWith("200 {\"status\":\"up\",\"members\":1,"));
    }

    @Test
    void namesTheKeyThatKeepsItFromListening() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertStartFails(
                    "cluster.port: can't listen on 127.0.0.1:" + port + ": the port is in use",
                    "n1",
                    "cluster.port=" + port);
            assertStartFails(
                    "cluster.bus-port: can't listen on 127.0.0.1:" + port + ": the port is in use",
                    "n1",
                    "cluster.bus-port=" + port);
        }
        assertStartFails("cluster.host: 192.0.2.1 is not an address of this machine", "n1", "cluster.host=192.0.2.1");
        assertStartFails("cluster.host: 0.0.0.0 is every address of this machine", "n1", "cluster.host=0.0.0.0");
        assertStartFails("cluster.host: no.such.invalid does not resolve", "n1", "cluster.host=no.such.invalid");
        assertStartFails("cluster.members: 'a:b:c' is not a host:port", "n1", "cluster.members=a:b:c");
    }

    @Test
    void beginsAClusterWhereTheNameOfTheServiceLeadsOnlyToItself() throws Exception {
        long before = System.nanoTime();
        PesanNode alone =
                start("n1", "cluster.port=" + RedisForTests.freePort(), "cluster.kubernetes-service=localhost");

        assertThat(health(alone, "ready")).startsWith("200 {\"status\":\"up\",\"members\":1,");
        // Seconds, not the minutes for which a node seeks others.
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void isReachedAtAnotherAddressThanItListensOn() throws Exception {
        int membership = RedisForTests.freePort();
        int bus = RedisForTests.freePort();
        Vertx vertx = Vertx.vertx();
        try {
            Relay towardsMembership = Relay.open(vertx, membership);
            Relay towardsBus = Relay.open(vertx, bus);
            start(
                    "services",
                    "node.roles=session,inbox",
                    "accounts.demo=true",
                    "cluster.port=" + membership,
                    "cluster.bus-port=" + bus,
                    "cluster.public-host=localhost",
                    "cluster.public-port=" + towardsMembership.port(),
                    "cluster.public-bus-port=" + towardsBus.port());
            PesanNode gateway =
                    start("edge", "node.roles=gateway", "cluster.members=127.0.0.1:" + towardsMembership.port());

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(health(gateway, "ready")).startsWith("200"));
            try (Line client = new Line(gateway.gatewayPort())) {
                assertThat(client.ask("auth messi surabaya")).contains("\"status\": \"OK\"");
            }
            assertThat(towardsMembership.connections()).isPositive();
            assertThat(towardsBus.connections()).isPositive();
        } finally {
            // Before what they go through.
            for (PesanNode node : running) {
                await(node.stop());
            }
            running.clear();
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private PesanNode start(String nodeId, String... more) throws Exception {
        PesanNode node = Nodes.of(Nodes.settings(folder, nodeId, redis.config(), more));
        await(node.start());
        running.add(node);
        return node;
    }

    private static String members(PesanNode node) {
        return "cluster.members=127.0.0.1:" + node.clusterPort();
    }

    private static void assertStartFails(String message, String nodeId, String... more) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> await(Nodes.of(Nodes.settings(folder, nodeId, redis.config(), more))
                        .start()))
                .satisfies(failure -> assertThat(failure.getCause())
                        .isInstanceOf(StartFailure.class)
                        .hasMessageContaining(message)
                        .hasMessageNotContaining("\n"));
    }
}
