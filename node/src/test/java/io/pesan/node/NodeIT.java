package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import io.pesan.node.redis.EmbeddedRedis;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIT {

    @TempDir
    private Path folder;

    @Test
    void servesAConversationAndKeepsItsAccountsSessionsAndMessages() throws Exception {
        PesanNode first = node();
        await(first.start());
        String token;
        try (Line messi = new Line(first.gatewayPort())) {
            token = messi.ask("auth messi surabaya").replaceAll(".*\"tokenid\": \"([^\"]*)\".*", "$1");
            assertThat(messi.ask("send henderson  hola "))
                    .startsWith("{\"status\": \"OK\", \"message\": \"Message Sent\"");
        }
        await(first.stop());

        PesanNode second = node();
        await(second.start());
        try (Line henderson = new Line(second.gatewayPort())) {
            assertThat(henderson.ask("listuser " + token)).contains("\"listuseraktif\": \"messi \"");
            henderson.ask("auth henderson surabaya");
            assertThat(henderson.ask("inbox"))
                    .contains("{\"msg_from\": \"Lionel Messi\", \"msg_to\": \"Jordan Henderson\", \"msg\": \"hola\"}");
        }
        await(second.stop());
    }

    @Test
    void runsOnAnExternalRedis() throws Exception {
        try (EmbeddedRedis external = EmbeddedRedis.start(folder.resolve("external"))) {
            PesanNode node = node(
                    "redis.url=" + external.config().url(),
                    "redis.password=" + external.config().password(),
                    "accounts.self-registration=true");
            await(node.start());
            try (Line client = new Line(node.gatewayPort())) {
                assertThat(client.ask("auth messi surabaya")).contains("USER_UNKNOWN");
                assertThat(client.ask("register diego surabaya Diego")).contains("\"status\": \"OK\"");
            }
            await(node.stop());
        }
    }

    @Test
    void namesTheServerThatDoesNotLetItIn() {
        try (EmbeddedRedis external = EmbeddedRedis.start(folder.resolve("external"))) {
            String url = external.config().url();
            assertStartFails(
                    "redis.url: " + url.replace("redis://", "") + ": WRONGPASS",
                    "redis.url=" + url,
                    "redis.password=guess");
            assertStartFails("redis.url: " + url.replace("redis://", "") + ": NOAUTH", "redis.url=" + url);
        }
    }

    @Test
    void namesTheServerThatDoesNotAnswer() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        assertStartFails("redis.url: 127.0.0.1:" + nobody + ": ", "redis.url=redis://127.0.0.1:" + nobody);
    }

    @Test
    void givesUpAStartDuringWhichRedisTurnsItAway() throws Exception {
        try (EmbeddedRedis external = EmbeddedRedis.start(folder.resolve("external"))) {
            String server = external.config().url().replace("redis://", "");
            // Enough for the management endpoint's connection, and for no other.
            try (Line redis = new Line(Integer.parseInt(server.replaceAll(".*:", "")))) {
                redis.tell("AUTH " + external.config().password());
                redis.tell("CONFIG SET maxclients 2");
                assertStartFails(
                        "redis.url: " + server + ": does not answer any more",
                        "redis.url=" + external.config().url(),
                        "redis.password=" + external.config().password());
            }
        }
    }

    @Test
    void anUnlimitedDrainWaitsForAPasswordThatIsBeingHashed() throws Exception {
        PesanNode node = node(
                "gateway.drain-timeout=0",
                "accounts.demo=false",
                "accounts.self-registration=true",
                "security.password-hash.memory-kib=32768",
                "security.password-hash.iterations=100");
        await(node.start());
        try (Line client = new Line(node.gatewayPort())) {
            client.tell("ping\nregister diego surabaya");
            assertThat(client.hear()).contains("pong");
            Future<Void> stopped = node.stop();
            // OK, or UNAVAILABLE where hashing takes longer than the route allows; but a reply.
            assertThat(client.hear()).startsWith("{\"status\": ");
            await(stopped);
        }
    }

    @Test
    void isNotReadyAnyMoreWhileItsClientsAreLetGo() throws Exception {
        PesanNode node = node("gateway.drain-timeout=20s");
        await(node.start());
        Awaitility.await().until(() -> Nodes.health(node, "ready").startsWith("200"));
        Future<Void> stopped;
        try (Line client = new Line(node.gatewayPort())) {
            assertThat(client.ask("auth messi surabaya")).contains("OK");

            stopped = node.stop();

            assertThat(Nodes.health(node, "ready"))
                    .isEqualTo("503 {\"status\":\"down\",\"checks\":{\"node\":\"draining\",\"redis\":\"up\"}}");
            assertThat(Nodes.health(node, "live")).startsWith("200");
        }
        await(stopped);
    }

    @Test
    void namesTheKeyOfAPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertStartFails(
                    "gateway.port: can't listen on 127.0.0.1:" + port + ": the port is in use", "gateway.port=" + port);
            assertStartFails(
                    "management.port: can't listen on 127.0.0.1:" + port + ": the port is in use",
                    "management.port=" + port);
            assertStartFails("gateway.host: 192.0.2.1 is not an address of this machine", "gateway.host=192.0.2.1");
        }
    }

    private void assertStartFails(String message, String... assignments) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> await(node(assignments).start()))
                .satisfies(failure -> assertThat(failure.getCause())
                        .isInstanceOf(StartFailure.class)
                        .hasMessageContaining(message)
                        .hasMessageNotContaining("\n"));
    }

    private PesanNode node(String... assignments) {
        List<String> all = new ArrayList<>(List.of(
                "gateway.port=0",
                "management.port=0",
                "redis.data-dir=" + folder.resolve("data"),
                "security.password-hash.memory-kib=64"));
        all.addAll(List.of(assignments));
        return new PesanNode(Configuration.read(new ConfigSources(null, Map.of(), all), true));
    }

    private static void await(Future<Void> step) throws Exception {
        step.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
