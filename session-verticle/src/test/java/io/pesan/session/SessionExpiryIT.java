package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionExpiryIT {

    private static final String PASSWORD = "surabaya";
    private static final Username MESSI = new Username("messi");

    /** Two intervals of the sweep and some: how long an expired session may be listed. */
    private static final Duration SWEPT = Duration.ofSeconds(20);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @BeforeEach
    void clear() {
        REDIS.clear();
    }

    @Test
    void unlistsASessionThatIsNotUsed() {
        try (SessionNode node = start(Duration.ofSeconds(1), Duration.ZERO)) {
            String session = node.session("messi", PASSWORD);
            assertThat(activeUsers()).isEqualTo("[messi]");

            await().atMost(SWEPT).until(() -> isGone(session));

            assertThat(node.isLive(session)).isFalse();
            await().atMost(SWEPT).untilAsserted(SessionExpiryIT::assertThatNothingIsLeft);
        }
    }

    @Test
    void unlistsASessionAlsoWhereTheSweepsLeaseOutlivesItself() {
        // As after Redis's clock was set back by an hour.
        REDIS.call("SET", RedisKeys.SWEEP_LEASE, "1", "PX", "3600000");
        try (SessionNode node = start(Duration.ofSeconds(1), Duration.ZERO)) {
            node.session("messi", PASSWORD);
            await().atMost(SWEPT).untilAsserted(SessionExpiryIT::assertThatNothingIsLeft);
        }
    }

    @Test
    void keepsASessionAliveThatIsUsedButNotForEver() {
        try (SessionNode node = start(Duration.ofSeconds(4), Duration.ofSeconds(10))) {
            String session = node.session("messi", PASSWORD);
            await().pollInterval(Duration.ofMillis(100))
                    .during(Duration.ofSeconds(6))
                    .atMost(Duration.ofSeconds(9))
                    .until(() -> node.isLive(session));

            await().pollInterval(Duration.ofMillis(100)).atMost(SWEPT).until(() -> !node.isLive(session));
            await().atMost(SWEPT).untilAsserted(SessionExpiryIT::assertThatNothingIsLeft);
        }
    }

    @Test
    void listsAUserByTheOldestSessionThatStillLives() {
        try (SessionNode node = start(Duration.ofHours(1), Duration.ZERO)) {
            String first = node.session("messi", PASSWORD);
            String own = node.session("henderson", PASSWORD);
            node.session("messi", PASSWORD);
            REDIS.call("PEXPIRE", RedisKeys.session(first), "1");

            await().atMost(SWEPT)
                    .untilAsserted(() -> assertThat(node.activeUsers(own)).containsExactly("henderson", "messi"));
        }
    }

    @Test
    void finishesWhatANodeThatDiedHadBegun() {
        try (SessionNode node = start(Duration.ofHours(1), Duration.ZERO)) {
            String doomed = node.session("messi", PASSWORD);
            String kept = node.session("messi", PASSWORD);
            // As if it had died after a script that doomed a session, after deleting another's key, before settling.
            REDIS.call("ZADD", RedisKeys.ACTIVE_USERS, "1", "messi");
            REDIS.call("ZREM", RedisKeys.userSessions(MESSI), doomed);
            REDIS.call("SADD", RedisKeys.endingSessions(MESSI), doomed);
            REDIS.call("ZADD", RedisKeys.userSessions(MESSI), "2", "deleted");

            await().atMost(SWEPT).untilAsserted(() -> {
                assertThat(node.isLive(doomed)).isFalse();
                assertThat(REDIS.call("ZRANGE", RedisKeys.userSessions(MESSI), "0", "-1"))
                        .isEqualTo(List.of(kept));
                assertThat(REDIS.call("ZSCORE", RedisKeys.ACTIVE_USERS, "messi"))
                        .isEqualTo(REDIS.call("ZSCORE", RedisKeys.userSessions(MESSI), kept));
            });
            assertThat(node.isLive(kept)).isTrue();
        }
    }

    private static SessionNode start(Duration idle, Duration lifetime) {
        SessionLimits limits = new SessionLimits(idle, lifetime, 20);
        SessionNode node = SessionNode.start(new SessionConfig(limits, SessionNode.CHEAP, false, 1000), REDIS.config());
        node.add("messi", PASSWORD, "Lionel Messi");
        node.add("henderson", PASSWORD, "Jordan Henderson");
        return node;
    }

    private static boolean isGone(String session) {
        return Long.valueOf(0).equals(REDIS.call("EXISTS", RedisKeys.session(session)));
    }

    private static String activeUsers() {
        return String.valueOf(REDIS.call("ZRANGE", RedisKeys.ACTIVE_USERS, "0", "-1"));
    }

    private static void assertThatNothingIsLeft() {
        assertThat(REDIS.call("EXISTS", RedisKeys.userSessions(MESSI))).isEqualTo(0L);
        assertThat(REDIS.call("EXISTS", RedisKeys.ACTIVE_USERS)).isEqualTo(0L);
        assertThat(REDIS.call("EXISTS", RedisKeys.ACTIVE_DUE)).isEqualTo(0L);
    }
}
