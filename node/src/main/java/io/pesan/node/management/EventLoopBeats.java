package io.pesan.node.management;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** Whether every event loop still turns: each writes down the time twice a second. */
public final class EventLoopBeats {

    /** Silence that is no mere hiccup, such as a long collection of garbage. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    private static final long INTERVAL_MILLIS = 500;

    private final AtomicLongArray beats;

    private EventLoopBeats(int loops) {
        beats = new AtomicLongArray(loops);
        for (int loop = 0; loop < loops; loop++) {
            beats.set(loop, System.nanoTime());
        }
    }

    /** Begins to listen to each of its event loops, for as long as they live. */
    public static EventLoopBeats begin(Vertx vertx) {
        VertxInternal internal = (VertxInternal) vertx;
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor loop : internal.nettyEventLoopGroup()) {
            loops.add((EventLoop) loop);
        }
        EventLoopBeats beats = new EventLoopBeats(loops.size());
        for (int i = 0; i < loops.size(); i++) {
            int loop = i;
            internal.contextBuilder()
                    .withEventLoop(loops.get(i))
                    .build()
                    .runOnContext(begin ->
                            vertx.setPeriodic(INTERVAL_MILLIS, tick -> beats.beats.set(loop, System.nanoTime())));
        }
        return beats;
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
