package io.pesan.node.management;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether every event loop still turns: each writes down the time ten times a second, and tells how late that was. A loop that
 * hung makes up for every beat that it missed, each with its own lag: a long silence is no single late beat among many.
 */
public final class EventLoopBeats {

    /** Silence that is no mere hiccup, such as a long collection of garbage. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    private static final long INTERVAL_MILLIS = 100;
    private static final long INTERVAL_NANOS = INTERVAL_MILLIS * 1_000_000;

    private final AtomicLongArray beats;

    private EventLoopBeats(int loops) {
        beats = new AtomicLongArray(loops);
        for (int loop = 0; loop < loops; loop++) {
            beats.set(loop, System.nanoTime());
        }
    }

    /**
     * Begins to listen to each of its event loops, for as long as they live.
     *
     * @param lags for each loop asks for what is told its lag, in nanoseconds
     */
    public static EventLoopBeats begin(Vertx vertx, Supplier<LongConsumer> lags) {
        VertxInternal internal = (VertxInternal) vertx;
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor loop : internal.nettyEventLoopGroup()) {
            loops.add((EventLoop) loop);
        }
        EventLoopBeats beats = new EventLoopBeats(loops.size());
        for (int i = 0; i < loops.size(); i++) {
            int loop = i;
            LongConsumer lag = lags.get();
            internal.contextBuilder().withEventLoop(loops.get(i)).build().runOnContext(begin -> {
                AtomicLong due = new AtomicLong(System.nanoTime());
                vertx.setPeriodic(INTERVAL_MILLIS, tick -> beats.beat(loop, due.addAndGet(INTERVAL_NANOS), lag));
            });
        }
        return beats;
    }

    /** @param dueNanos when it should have come: timers keep their rate, and make up for what they missed */
    private void beat(int loop, long dueNanos, LongConsumer lag) {
        long now = System.nanoTime();
        beats.set(loop, now);
        lag.accept(Math.max(0, now - dueNanos));
    }

    /** How long the loop that has been silent for longest has been so by now, in nanoseconds; asked on any thread. */
    public long longestSilence() {
        long now = System.nanoTime();
        long longest = 0;
        for (int loop = 0; loop < beats.length(); loop++) {
            longest = Math.max(longest, now - beats.get(loop));
        }
        return longest;
    }

    /** Null while all is well. */
    @Nullable String complaint(long nowNanos) {
        long silent = 0;
        for (int loop = 0; loop < beats.length(); loop++) {
            silent += nowNanos - beats.get(loop) > LONGEST_SILENCE.toNanos() ? 1 : 0;
        }
        return silent == 0
                ? null
                : silent + " of " + beats.length() + " event loops did not answer for " + LONGEST_SILENCE.toSeconds()
                        + " s";
    }
}
