package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import java.time.Duration;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gateways that hold listening connections are told whenever a session of their user ends. */
class ListenerNoticesIT {

    private static final String PASSWORD = "surabaya";
    private static final Username MESSI = new Username("messi");

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @BeforeEach
    void clear() {
        REDIS.clear();
    }

    @Test
    void ofALogOutAChangedOrResetPasswordAndARemovedAccount() {
        try (SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config())) {
            node.add("messi", PASSWORD, "Lionel Messi");
            listens("node/gateway", "messi");
            Queue<GatewayNotice> heard = node.hear("node/gateway");

            node.run(SessionNode.ending(node.session("messi", PASSWORD)));
            awaitNotices(heard, 1);
            node.session("messi", PASSWORD);
            node.changePassword(node.session("messi", PASSWORD), PASSWORD, "rosario");
            awaitNotices(heard, 2);
            node.resetPassword("messi", PASSWORD);
            awaitNotices(heard, 3);
            node.session("messi", PASSWORD);
            node.remove("messi");
            awaitNotices(heard, 4);
        }
    }

    @Test
    void ofASessionThatGivesWayAndOneThatExpires() {
        SessionLimits one = new SessionLimits(Duration.ofSeconds(1), Duration.ZERO, 1);
        SessionConfig config = new SessionConfig(one, SessionNode.CHEAP, false, 1000);
        try (SessionNode node = SessionNode.start(config, REDIS.config())) {
            node.add("messi", PASSWORD, "Lionel Messi");
            listens("node/gateway", "messi");
            Queue<GatewayNotice> heard = node.hear("node/gateway");
            node.session("messi", PASSWORD);
            node.session("messi", PASSWORD);
            awaitNotices(heard, 1);
            awaitNotices(heard, 2);
        }
    }

    @Test
    void aLogOutIsDoneThoughNobodyHearsOfIt() {
        try (SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config())) {
            node.add("messi", PASSWORD, "Lionel Messi");
            listens("gone/gateway", "messi");
            listens("not-a-gateway", "messi");
            String session = node.session("messi", PASSWORD);
            assertThat(node.run(SessionNode.ending(session)).hasSessionEnded()).isTrue();
            assertThat(node.isLive(session)).isFalse();
        }
    }

    private static void listens(String gateway, String user) {
        REDIS.call("ZADD", RedisKeys.listeners(new Username(user)), "9999999999999", gateway);
    }

    private static void awaitNotices(Queue<GatewayNotice> heard, int count) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(heard)
                        .hasSizeGreaterThanOrEqualTo(count)
                        .allSatisfy(notice ->
                                assertThat(notice.getSessionsEndedList()).containsExactly(MESSI.value())));
    }
}
