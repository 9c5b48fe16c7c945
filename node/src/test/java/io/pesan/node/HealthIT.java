package io.pesan.node;

import static io.pesan.node.Nodes.health;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.EventExecutor;
import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import io.pesan.redis.testing.RedisForTests;
import io.pesan.redis.testing.SlowWay;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** What is wrong with a node, as its health tells it. That it drains: {@link NodeIT}; that a service is missing: {@link ClusterIT}. */
class HealthIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String LIVE = "200 {\"status\":\"up\",\"checks\":{\"event-loops\":\"up\"}}";
    private static final String READY = "200 {\"status\":\"up\",\"checks\":{\"node\":\"up\",\"redis\":\"up\"}}";
    private static final String STARTED = "200 {\"status\":\"up\",\"checks\":{\"node\":\"up\"}}";

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @TempDir
    Path folder;

    private final List<NodeParts> running = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (NodeParts node : running) {
            Nodes.await(new NodeStop(node, Level.DEBUG).run());
        }
    }

    @Test
    void isNotReadyButLivesWhileRedisIsGone() throws Exception {
        int management = start(REDIS.port());
        awaitHealth(management, "ready", READY);

        REDIS.stop();
        try {
            awaitHealth(management, "ready", notReady("Redis does not answer"));
            assertThat(health(management, "live")).isEqualTo(LIVE);
            assertThat(health(management, "started")).isEqualTo(STARTED);
        } finally {
            REDIS.startAgain();
        }
        awaitHealth(management, "ready", READY);
    }

    @Test
    void isNotReadyButLivesWhileRedisIsSilent() throws Exception {
        int management = start(REDIS.port());

        REDIS.freeze();
        try {
            awaitHealth(management, "ready", notReady("Redis does not answer"));
            assertThat(health(management, "live")).isEqualTo(LIVE);
        } finally {
            REDIS.thaw();
        }
        awaitHealth(management, "ready", READY);
    }

    @Test
    void tellsARedisThatRefusesFromOneThatIsGone() throws Exception {
        int management = start(REDIS.port());

        REDIS.call("ACL", "SETUSER", "default", "-ping");
        try {
            awaitHealth(management, "ready", notReady("Redis refuses calls"));
            assertThat(health(management, "live")).isEqualTo(LIVE);
        } finally {
            REDIS.call("ACL", "SETUSER", "default", "+ping");
        }
        awaitHealth(management, "ready", READY);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isNotReadyButLivesWhileItsServicesMayNotCallTheirScripts(boolean counting) throws Exception {
        int management = start(REDIS.port(), "metrics.enabled=" + counting);
        awaitHealth(management, "ready", READY);

        REDIS.call("ACL", "SETUSER", "default", "-evalsha");
        try {
            awaitHealth(management, "ready", notReady("Redis does not serve: inbox, session"));
            assertThat(health(management, "live")).isEqualTo(LIVE);
        } finally {
            REDIS.call("ACL", "SETUSER", "default", "+evalsha");
        }
        awaitHealth(management, "ready", READY);
    }

    @Test
    void isNotReadyWhileRedisHasNoConnectionLeftForItsServices() throws Exception {
        int management = start(REDIS.port());
        String most = configured("maxclients");
        REDIS.call("CONFIG", "SET", "maxclients", "1");
        try {
            // The node's health has a connection by which it came before.
            killConnectionsThatCalled("evalsha");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(health(management, "ready"))
                            .startsWith("503 ")
                            .contains("\"redis\":\"Redis does not serve: "));
            assertThat(health(management, "live")).isEqualTo(LIVE);
        } finally {
            REDIS.call("CONFIG", "SET", "maxclients", most);
        }
        awaitHealth(management, "ready", READY);
    }

    private static void killConnectionsThatCalled(String command) {
        await().atMost(PATIENCE)
                .until(() -> String.valueOf(REDIS.call("CLIENT", "LIST")).contains("cmd=" + command));
        Pattern.compile("^id=(\\d+) .*cmd=" + command + " ", Pattern.MULTILINE)
                .matcher(String.valueOf(REDIS.call("CLIENT", "LIST")))
                .results()
                .forEach(connection -> REDIS.call("CLIENT", "KILL", "ID", connection.group(1)));
    }

    private static String configured(String parameter) {
        return String.valueOf(((List<?>) Objects.requireNonNull(REDIS.call("CONFIG", "GET", parameter))).get(1));
    }

    @Test
    void isNotLiveWhileAnEventLoopIsBlocked() throws Exception {
        int management = start(REDIS.port());
        VertxInternal vertx = (VertxInternal) Objects.requireNonNull(running.get(0).vertx);
        int loops = running.get(0).eventLoops;
        List<String> seen = new ArrayList<>();
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            CountDownLatch release = new CountDownLatch(1);
            try {
                loop.execute(() -> awaitUninterrupted(release));
                seen.add(await().atMost(PATIENCE).until(() -> answered(management), answer -> !answer.equals(LIVE)));
            } finally {
                release.countDown();
            }
            awaitHealth(management, "live", LIVE);
        }
        // The endpoint itself is on one of them.
        assertThat(seen).filteredOn(answer -> answer.equals("nobody answers")).hasSize(1);
        assertThat(seen)
                .filteredOn(answer -> !answer.equals("nobody answers"))
                .hasSize(loops - 1)
                .allMatch(("503 {\"status\":\"down\",\"checks\":{\"event-loops\":\"1 of " + loops
                        + " event loops did not answer for 5 s\"}}")::equals);
    }

    /** Who does not answer once may have been paused. */
    private static String answered(int management) {
        String answer = health(management, "live");
        return answer.equals("nobody answers") ? health(management, "live") : answer;
    }

    @Test
    void isNotStartedBeforeItsServicesAre() throws Exception {
        try (SlowWay way = new SlowWay(REDIS.port())) {
            way.delay(Duration.ofMillis(400));
            int management = RedisForTests.freePort();
            NodeParts node = node(way.port(), "management.port=" + management);
            Future<Void> started = new NodeStart(node).run();

            awaitHealth(management, "started", "503 {\"status\":\"down\",\"checks\":{\"node\":\"starting\"}}");
            assertThat(health(management, "ready")).startsWith("503 ").contains("\"node\":\"starting\"");
            assertThat(health(management, "live")).isEqualTo(LIVE);

            way.delay(Duration.ZERO);
            Nodes.await(started);
            assertThat(health(management, "started")).isEqualTo(STARTED);
            awaitHealth(management, "ready", READY);
        }
    }

    private int start(int redisPort, String... more) throws Exception {
        NodeParts node = node(redisPort, "management.port=0", more);
        Nodes.await(new NodeStart(node).run());
        return Objects.requireNonNull(node.management).actualPort();
    }

    private NodeParts node(int redisPort, String management, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "gateway.port=0",
                "redis.url=redis://127.0.0.1:" + redisPort,
                "redis.data-dir=" + folder.resolve("data"),
                "gateway.drain-timeout=1s",
                management));
        settings.addAll(List.of(more));
        NodeParts node = new NodeParts(Configuration.read(new ConfigSources(null, Map.of(), settings), true));
        running.add(node);
        return node;
    }

    private static String notReady(String complaint) {
        return "503 {\"status\":\"down\",\"checks\":{\"node\":\"up\",\"redis\":\"" + complaint + "\"}}";
    }

    private static void awaitHealth(int management, String check, String answer) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(health(management, check)).isEqualTo(answer));
    }

    private static void awaitUninterrupted(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
