package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is known of Redis's clock. */
class RedisClockTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long HOUR_MILLIS = 3_600_000L;
    /** A monotonic clock starts anywhere; this one is about to overflow. */
    private static final long START = Long.MAX_VALUE - 20 * SECOND;

    private final RedisClock clock = new RedisClock();
    private final Random random = new Random(20_261_123);
    private long now = START;
    /** What Redis's clock shows at the start, in nanoseconds since 1970. */
    private long redisAtStart = 1_795_000_000_123L * MILLI;

    private double rate = 1;

    private long redisMillis(long atNanos) {
        return (redisAtStart + (long) ((atNanos - START) * rate)) / MILLI;
    }

    /** A reply takes so long there and so long back. */
    private void reply(long thereNanos, long backNanos) {
        long sent = now;
        long told = redisMillis(sent + thereNanos);
        now = sent + thereNanos + backNanos;
        clock.learn(told, sent, now);
    }

    private long behind() {
        return redisMillis(now) - clock.millis(now);
    }

    @Test
    void isNotKnownBeforeTheFirstReplyThatTellsIt() {
        assertThat(clock.isKnown(now)).isFalse();
        assertThat(clock.millisOrZero(now)).isZero();
        clock.learn(0, now, now + MILLI);
        assertThat(clock.isKnown(now)).isFalse();
        reply(MILLI, MILLI);
        assertThat(clock.isKnown(now)).isTrue();
        assertThat(behind()).isBetween(RedisClock.GUARD_MILLIS, RedisClock.GUARD_MILLIS + 3);
    }

    @Test
    void isNeverAheadWhateverRepliesTakeAndStaysAsNearAsTheQuickestAllows() {
        reply(MILLI, MILLI);
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(50) * MILLI;
            long slow = random.nextInt(10) == 0 ? 500 * MILLI : 2 * MILLI;
            reply(random.nextLong(slow), random.nextLong(slow));
            assertThat(behind()).isBetween(RedisClock.GUARD_MILLIS, RedisClock.GUARD_MILLIS + 5);
        }
        assertThat(clock.setBacks()).isZero();
    }

    @Test
    void isNotAheadOfAClockThatRunsSlowOrFast() {
        for (double drift : new double[] {0.9995, 1.0005}) {
            RedisClockTest fresh = new RedisClockTest();
            fresh.rate = drift;
            for (int i = 0; i < 100; i++) {
                fresh.reply(MILLI, MILLI);
                assertThat(fresh.behind()).isBetween(0L, RedisClock.GUARD_MILLIS + 8);
                // Also right before it counts as forgotten.
                fresh.now += 29 * SECOND;
                assertThat(fresh.behind()).isBetween(0L, RedisClock.GUARD_MILLIS + 20);
                fresh.now -= 29 * SECOND - 100 * MILLI;
            }
        }
    }

    @Test
    void followsAClockThatWasSetBackWithTheFirstReply() {
        reply(MILLI, MILLI);
        redisAtStart -= HOUR_MILLIS * MILLI;
        // However long the reply took: the clock can't have shown so little if it had gone on.
        reply(700 * MILLI, 700 * MILLI);
        assertThat(behind()).isBetween(RedisClock.GUARD_MILLIS, RedisClock.GUARD_MILLIS + 702);
        assertThat(clock.setBacks()).isEqualTo(1);
        reply(MILLI, MILLI);
        assertThat(behind()).isBetween(RedisClock.GUARD_MILLIS, RedisClock.GUARD_MILLIS + 3);
        assertThat(clock.setBacks()).isEqualTo(1);
    }

    @Test
    void followsAClockThatWasSetForwardWithTheFirstReply() {
        reply(MILLI, MILLI);
        redisAtStart += HOUR_MILLIS * MILLI;
        reply(MILLI, MILLI);
        assertThat(behind()).isBetween(RedisClock.GUARD_MILLIS, RedisClock.GUARD_MILLIS + 3);
        assertThat(clock.setBacks()).isZero();
    }

    @Test
    void isForgottenAfterHalfAMinuteWithoutAReply() {
        reply(MILLI, MILLI);
        now += 30 * SECOND;
        assertThat(clock.isKnown(now)).isTrue();
        now += 1;
        assertThat(clock.isKnown(now)).isFalse();
        assertThat(clock.isWanted(now)).isTrue();
    }

    @Test
    void isNotAskedForAgainAtOnceOfThoseWhoCouldNotTell() {
        assertThat(clock.isWanted(now)).isTrue();
        clock.untold(now);
        assertThat(clock.isWanted(now + 100 * MILLI - 1)).isFalse();
        assertThat(clock.isWanted(now + 100 * MILLI)).isTrue();
    }

    @Test
    void believesNoReplyThatAFreezeHeldBack() {
        reply(MILLI, MILLI);
        reply(MILLI, 40 * SECOND);
        assertThat(clock.isKnown(now)).isFalse();
        reply(MILLI, MILLI);
        assertThat(behind()).isBetween(RedisClock.GUARD_MILLIS, RedisClock.GUARD_MILLIS + 3);
        assertThat(clock.setBacks()).isZero();
    }

    @Test
    void isNotPutBackByASlowReplyAfterASilence() {
        reply(MILLI, MILLI);
        now += 15 * SECOND;
        reply(MILLI, 1_500 * MILLI);
        assertThat(behind()).isBetween(RedisClock.GUARD_MILLIS, RedisClock.GUARD_MILLIS + 5);
    }
}
