package io.pesan.gateway;

import io.pesan.contract.bus.Routes;

/**
 * What Redis's clock shows, as far as one event loop has learnt from replies: never ahead of it, behind it by what a reply
 * takes and {@value #GUARD_MILLIS} ms. So a deadline made of it has passed in Redis when it has passed here.
 *
 * <p>Each reply proves that the clock had come so far when it arrived; the furthest of the last seconds counts. It also
 * proves that the clock had not come further when the request was sent: if it should have, it was set back, and what was
 * learnt before is void. A reply that took longer than anybody waits was held back by a freeze of this process and proves nothing
 * of now. Between two replies it is this machine's monotonic clock that runs.
 */
final class RedisClock {

    /** What the two clocks drift apart within {@link #FRESH_NANOS} at 500 ppm, and the cut-off of milliseconds. */
    static final long GUARD_MILLIS = 20;

    /** Further ahead than this, the clock was set back and did not drift. Less than the guard, which covers the rest. */
    private static final long TOLERANCE_NANOS = 10_000_000;

    /** What was learnt counts for one to two of these, lest a clock that runs slow be left behind for ever. */
    private static final long WINDOW_NANOS = 5_000_000_000L;

    /** What a batch's reply is waited for. */
    private static final long LONGEST_NANOS = Routes.INBOX.timeout().toNanos();

    private static final long FRESH_NANOS = 30_000_000_000L;
    /** Who could not tell the time is not asked again for so long. */
    private static final long PAUSE_NANOS = 100_000_000L;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Redis's clock less the monotonic one: the most of this window, and of the one before it. */
    private long offset;

    private long offsetBefore;
    private long windowBeganNanos;
    private long learntNanos;
    private boolean learnt;
    private long untoldNanos;
    private boolean untold;
    private int setBacks;

    /**
     * A reply has told the time.
     *
     * @param redisMillis what the clock showed between the two moments, in milliseconds since 1970; 0: the reply doesn't say
     * @param sentNanos when the request was sent, by {@link System#nanoTime}
     * @param arrivedNanos when the reply arrived
     */
    void learn(long redisMillis, long sentNanos, long arrivedNanos) {
        if (redisMillis <= 0 || arrivedNanos - sentNanos > LONGEST_NANOS) {
            return;
        }
        long least = redisMillis * NANOS_PER_MILLI - arrivedNanos;
        long most = (redisMillis + 1) * NANOS_PER_MILLI - sentNanos + TOLERANCE_NANOS;
        long windowAge = arrivedNanos - windowBeganNanos;
        boolean setBack = learnt && offset() - most > 0;
        // After a silence the last offset still counts once: one reply alone, if a slow one, would put the clock back
        // by all
        // that it took, and the deadlines made of it would have passed when they arrive.
        if (!learnt || setBack || arrivedNanos - learntNanos > FRESH_NANOS) {
            offsetBefore = least;
            offset = least;
            windowBeganNanos = arrivedNanos;
        } else if (windowAge >= WINDOW_NANOS) {
            offsetBefore = offset;
            offset = least;
            windowBeganNanos = arrivedNanos;
        } else {
            offset = later(offset, least);
        }
        setBacks += setBack ? 1 : 0;
        learnt = true;
        untold = false;
        learntNanos = arrivedNanos;
    }

    /** Somebody was asked for the time and could not tell it. */
    void untold(long nowNanos) {
        untold = true;
        untoldNanos = nowNanos;
    }

    /** Whether enough has been learnt lately for {@link #millis}. */
    boolean isKnown(long nowNanos) {
        return learnt && nowNanos - learntNanos <= FRESH_NANOS;
    }

    /** Whether it is time to ask somebody. */
    boolean isWanted(long nowNanos) {
        return !isKnown(nowNanos) && !(untold && nowNanos - untoldNanos < PAUSE_NANOS);
    }

    /** A moment that Redis's clock has passed, and not long ago, in milliseconds since 1970. */
    long millis(long nowNanos) {
        return Math.floorDiv(offset() + nowNanos, NANOS_PER_MILLI) - GUARD_MILLIS;
    }

    /** The same; 0 if it is not known. */
    long millisOrZero(long nowNanos) {
        return isKnown(nowNanos) ? millis(nowNanos) : 0;
    }

    /** How often the clock was found set back: what was made of it before means nothing after. */
    int setBacks() {
        return setBacks;
    }

    private long offset() {
        return later(offset, offsetBefore);
    }

    private static long later(long one, long other) {
        return one - other >= 0 ? one : other;
    }
}
