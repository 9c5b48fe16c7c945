package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.testing.EventLoop;
import io.pesan.redis.testing.RedisClusterForTests;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The test that ends a server comes last: the others need all. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterLinkIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CHECK_PATIENCE = Duration.ofSeconds(5);
    private static final RedisClusterForTests REDIS = RedisClusterForTests.start();
    private static final EventLoop LOOP = new EventLoop();

    private RedisLink link;

    @BeforeEach
    void open() {
        link = LOOP.run(() -> Future.succeededFuture(
                RedisLink.openReplicated(LOOP.vertx(), REDIS.config(1), List.of(), () -> RedisMetrics.NONE)));
        await().atMost(PATIENCE).until(() -> all(incrementing()).stream().allMatch(Outcome::isKept));
    }

    @AfterEach
    void close() {
        LOOP.run(link::close);
    }

    @AfterAll
    static void end() {
        LOOP.close();
        REDIS.close();
    }

    @Test
    @Order(1)
    void putsTheAnswersOfAllServersTogether() {
        List<Request> requests = IntStream.range(0, 200)
                .mapToObj(i -> Request.cmd(Command.SET, key(i % 100), "" + i))
                .toList();
        assertThat(all(requests)).hasSize(200).allMatch(Outcome::isKept);
        Reading reading = LOOP.run(() ->
                link.read(IntStream.range(0, 100).mapToObj(ClusterLinkIT::key).toList()));
        assertThat(reading.values())
                .extracting(value -> String.valueOf(value.answer()))
                .isEqualTo(IntStream.range(100, 200).mapToObj(i -> "" + i).toList());
        assertThat(reading.nowMicros() / 1_000_000).isBetween(1_700_000_000L, System.currentTimeMillis() / 1000 + 1);
    }

    @Test
    @Order(2)
    void resolvesSessionsOfAllServers() {
        List<Session> sessions = IntStream.range(0, 50)
                .mapToObj(i -> Session.begin(
                        Token.random().hash(), new Username("u" + i), "U", Duration.ZERO, Duration.ZERO, 1))
                .toList();
        all(sessions.stream()
                .map(session -> Request.cmd(Command.SET, RedisKeys.session(session.hash()), session.encode()))
                .toList());
        SessionLookup.Found found = LOOP.run(() -> new SessionLookup(link)
                .find(sessions.stream().map(Session::hash).toList()));
        assertThat(found.sessions().values()).containsExactlyInAnyOrderElementsOf(sessions);
        assertThat(found.unknown()).isEmpty();
    }

    @Test
    @Order(3)
    void followsASlotThatMoves() {
        RedisForTests before = REDIS.primaryOf(key(1));
        // The replica takes over in good order: what comes meanwhile is told that it moved.
        REDIS.replicaOf(before).call("CLUSTER", "FAILOVER");
        RedisForTests after = REDIS.awaitSuccessor(key(1), before);
        await().atMost(PATIENCE).until(() -> all(incrementing()).stream().allMatch(Outcome::isKept));
        assertThat(after.call("GET", key(1))).isNotNull();
    }

    @Test
    @Order(4)
    void aStartTellsWhatDoesNotFit() {
        assertThat(LOOP.run(() -> RedisServerCheck.check(LOOP.vertx(), REDIS.config(1), CHECK_PATIENCE)))
                .startsWith("7.");
        RedisConfig one = REDIS.primaryOf(key(1)).config();
        assertThatThrownBy(() -> LOOP.run(() -> RedisServerCheck.check(LOOP.vertx(), one, CHECK_PATIENCE)))
                .rootCause()
                .hasMessageContaining("is part of a Redis Cluster: set redis.mode=cluster");
    }

    @Test
    @Order(5)
    void oneServersFailureIsThatOfItsKeysAlone() {
        RedisForTests dead = REDIS.primaryOf(key(1));
        dead.kill();
        await().atMost(PATIENCE).until(() -> failed() > 0);
        List<Outcome> outcomes = all(incrementing());
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i).isKept()).as(key(i)).isEqualTo(REDIS.primaryOf(key(i), dead) != dead);
        }
        REDIS.awaitSuccessor(key(1), dead);
        // It has no replica, so it keeps nothing, until the one that it replaced is back.
        dead.startAgain();
        await("all keys are served again").atMost(Duration.ofSeconds(20)).until(() -> failed() == 0);
    }

    private long failed() {
        return all(incrementing()).stream().filter(outcome -> !outcome.isKept()).count();
    }

    private List<Outcome> all(List<Request> requests) {
        return LOOP.run(() -> link.each(requests));
    }

    private static List<Request> incrementing() {
        return IntStream.range(0, 30)
                .mapToObj(i -> Request.cmd(Command.INCR, "pesan:{" + i + "}:counter"))
                .toList();
    }

    private static String key(int i) {
        return "pesan:{" + i + "}:counter";
    }
}
