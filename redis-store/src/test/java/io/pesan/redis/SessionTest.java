package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.protocol.Username;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final Duration IDLE = Duration.ofSeconds(16);

    @Test
    void readsWhatItWrote() {
        Session session = begin(IDLE, Duration.ofDays(30));
        assertThat(Session.decode("hash", session.encode())).isEqualTo(session);
    }

    @Test
    void readsWhatALaterReleaseOfTheSameFormatWrote() {
        Session session = begin(IDLE, Duration.ZERO);
        assertThat(Session.decode("hash", session.encode() + "\nmore")).isEqualTo(session);
    }

    @Test
    void doesNotReadAnotherFormat() {
        assertThat(Session.decode(
                        "hash", "2" + begin(IDLE, Duration.ZERO).encode().substring(1)))
                .isNull();
        assertThat(Session.decode("hash", "1\nmessi\nLionel")).isNull();
        assertThat(Session.decode("hash", "")).isNull();
    }

    @Test
    void livesASixteenthLongerThanItsIdleTimeoutAsItIsTouchedThatRarely() {
        assertThat(begin(IDLE, Duration.ZERO).expiryMillis(NOW)).isEqualTo(17_000);
    }

    @Test
    void livesNoLongerThanItsLifetime() {
        Session session = begin(IDLE, Duration.ofSeconds(20));
        assertThat(session.expiryMillis(NOW)).isEqualTo(17_000);
        assertThat(session.expiryMillis(NOW + 5_000)).isEqualTo(15_000);
        assertThat(session.expiryMillis(NOW + 20_000)).isNegative();
        assertThat(begin(Duration.ZERO, Duration.ofSeconds(20)).expiryMillis(NOW))
                .isEqualTo(20_000);
    }

    @Test
    void livesForEverIfNothingLimitsIt() {
        assertThat(begin(Duration.ZERO, Duration.ZERO).expiryMillis(NOW)).isZero();
    }

    @Test
    void isTouchedWhenASixteenthOfItsIdleTimeoutHasPassed() {
        Session session = begin(IDLE, Duration.ZERO);
        assertThat(session.isTouchDue(NOW + 999)).isFalse();
        assertThat(session.isTouchDue(NOW + 1_000)).isTrue();
        assertThat(session.touchedAt(NOW + 1_000).isTouchDue(NOW + 1_999)).isFalse();
        assertThat(begin(Duration.ZERO, Duration.ZERO).isTouchDue(Long.MAX_VALUE))
                .isFalse();
    }

    private static Session begin(Duration idle, Duration lifetime) {
        return Session.begin("hash", new Username("messi"), "Lionel Messi", idle, lifetime, NOW);
    }
}
