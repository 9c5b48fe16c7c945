package io.pesan.gateway;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** When things last happened on one connection, and when others are due. Times are by {@link System#nanoTime}. */
final class ConnectionClock {

    /** Part of the drain in which those connections leave that leave first. */
    private static final double FIRST_PART = 0.6;

    /** By then all have been told to leave: what is left of the drain is for the clock's steps and for goodbyes. */
    private static final double LAST_PART = 0.8;

    private final long openedNanos = System.nanoTime();
    private long receivedNanos = openedNanos;
    private boolean midLine;
    private long midLineNanos;
    private boolean draining;
    private long leaveNanos;
    private long lingerUntilNanos;

    void received(long nanos) {
        receivedNanos = nanos;
    }

    long receivedNanos() {
        return receivedNanos;
    }

    /** Whether the bytes received last ended inside a line. */
    void midLine(boolean now) {
        if (now && !midLine) {
            midLineNanos = receivedNanos;
        }
        midLine = now;
    }

    /** The connection is to leave within the time: at some moment of the first part or, if it is to be last, of the rest. */
    void drain(Duration time, boolean first) {
        draining = true;
        double chance = ThreadLocalRandom.current().nextDouble();
        double part = first ? FIRST_PART * chance : FIRST_PART + (LAST_PART - FIRST_PART) * chance;
        leaveNanos = System.nanoTime() + (long) (part * time.toNanos());
    }

    void linger(long nanos) {
        lingerUntilNanos = System.nanoTime() + nanos;
    }

    boolean lingeredEnough(long nowNanos) {
        return nowNanos - lingerUntilNanos >= 0;
    }

    boolean isDrainDue(long nowNanos) {
        return draining && nowNanos - leaveNanos >= 0;
    }

    boolean isIdle(long nowNanos, Duration limit) {
        return !limit.isZero() && nowNanos - receivedNanos > limit.toNanos();
    }

    boolean isMidLineFor(long nowNanos, Duration limit) {
        return midLine && !limit.isZero() && nowNanos - midLineNanos > limit.toNanos();
    }

    boolean isOlderThan(long nowNanos, Duration limit) {
        return !limit.isZero() && nowNanos - openedNanos > limit.toNanos();
    }
}
