package io.pesan.gateway;

import java.util.concurrent.TimeUnit;

/**
 * Notices when an event loop has not run for a while, because its process, or its machine, was halted: what is read soon
 * afterwards may have lain in the socket all the time. Times are by {@link System#nanoTime}.
 */
final class LoopSilence {

    /** Shorter than any client's patience, and longer than collections of garbage take. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** By then everything has been read that lay there. */
    private static final long AFTERMATH_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** By then every socket in which something lay has been read from once, unless it is paused or thousands are. */
    private static final long FIRST_READS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private long seenNanos;
    private long beganNanos;
    private long endedNanos;
    private int count;

    LoopSilence(long nowNanos) {
        seenNanos = nowNanos;
        beganNanos = nowNanos - AFTERMATH_NANOS;
        endedNanos = beganNanos;
    }

    /** The loop runs: to be told several times a second, and before anything that has been read is dated. */
    void running(long nowNanos) {
        if (nowNanos - seenNanos > LONG_NANOS) {
            // What lay there before one that follows so soon may not have been read yet.
            if (!hasJustEnded(seenNanos)) {
                beganNanos = seenNanos;
            }
            endedNanos = nowNanos;
            count++;
        }
        seenNanos = nowNanos;
    }

    /** Whether what is read now may have come during a silence. */
    boolean isRecent(long nowNanos) {
        return nowNanos - endedNanos < AFTERMATH_NANOS;
    }

    /** Whether what is read now, as the first since the last silence, may have come during it. */
    boolean hasJustEnded(long nowNanos) {
        return nowNanos - endedNanos < FIRST_READS_NANOS;
    }

    /** Until when something must have been so that is seen to be over now: not during a silence that has just ended. */
    long knownUntil(long nowNanos) {
        running(nowNanos);
        return hasJustEnded(nowNanos) ? beganNanos : nowNanos;
    }

    /** The last time before the last silence that the loop was seen to run. */
    long beganNanos() {
        return beganNanos;
    }

    /** How many there were. */
    int count() {
        return count;
    }
}
