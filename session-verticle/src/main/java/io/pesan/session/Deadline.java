package io.pesan.session;

import java.time.Duration;

/**
 * When a caller stops waiting.
 *
 * @param nanoTime in this machine's monotonic clock
 * @param redisMillis in Redis's clock, in milliseconds since 1970, for scripts that must not act after it; 0: the caller did
 *     not say
 */
record Deadline(long nanoTime, long redisMillis) {

    /**
     * Begins now.
     *
     * @param budgetMillis how long the caller waits; 0: it did not say
     * @param most the longest that any caller waits
     */
    static Deadline in(long budgetMillis, Duration most) {
        long millis = budgetMillis == 0 ? most.toMillis() : Math.min(budgetMillis, most.toMillis());
        return new Deadline(System.nanoTime() + millis * 1_000_000, 0);
    }

    /** This, but not after a moment in Redis's clock, which shows another now. */
    Deadline noLaterThan(long redisMillis, long redisNowMillis) {
        long other = System.nanoTime() + (redisMillis - redisNowMillis) * 1_000_000;
        return new Deadline(other - nanoTime < 0 ? other : nanoTime, redisMillis);
    }

    boolean hasPassed() {
        return System.nanoTime() - nanoTime >= 0;
    }
}
