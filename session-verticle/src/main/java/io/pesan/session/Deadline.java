package io.pesan.session;

import java.time.Duration;

/** When a caller stops waiting, in this machine's monotonic clock. */
record Deadline(long nanoTime) {

    /**
     * Begins now.
     *
     * @param budgetMillis how long the caller waits; 0: it did not say
     * @param most the longest that any caller waits
     */
    static Deadline in(long budgetMillis, Duration most) {
        long millis = budgetMillis == 0 ? most.toMillis() : Math.min(budgetMillis, most.toMillis());
        return new Deadline(System.nanoTime() + millis * 1_000_000);
    }

    /** The earlier of this and the moment in so many milliseconds from now. */
    Deadline noLaterThanIn(long millis) {
        long other = System.nanoTime() + millis * 1_000_000;
        return other - nanoTime < 0 ? new Deadline(other) : this;
    }

    boolean hasPassed() {
        return System.nanoTime() - nanoTime >= 0;
    }
}
