package io.pesan.redis;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an operator that a server answers slowly, which nothing else in the log does: there is an answer. A half-second is
 * slow if any answer in it had taken {@value #SLOW_MILLIS} ms. The server is slow once {@value #MANY} of the last
 * {@value #LOOKS} half-seconds with answers were, and well again when none was: a single pause, here or there, is neither.
 * However it wavers, that is one warning in ten seconds at most; while it lasts, one a minute. Owned by its link's event loop.
 */
final class SlowCalls {

    static final long SLOW_MILLIS = 100;
    static final int MANY = 4;
    static final int LOOKS = 20;
    static final Duration REMINDER = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(SlowCalls.class);
    private static final long SLOW_NANOS = Duration.ofMillis(SLOW_MILLIS).toNanos();
    private static final int ALL_LOOKS = (1 << LOOKS) - 1;

    private final String server;
    /** The longest since the last look; less than none: there was no answer. */
    private long longestNanos = -1;

    /** A bit for each of the last looks, the newest lowest: 1 where it found a slow answer. */
    private int slowLooks;

    /** Of all answers since the first slow one, or since the last warning. */
    private int answers;

    private long sumNanos;
    private long slowestNanos;
    private boolean told;
    private long toldNanos;

    SlowCalls(String server) {
        this.server = server;
    }

    /** What went out together has been answered, or was waited for in vain. */
    void took(long nanos) {
        answers++;
        sumNanos += nanos;
        if (nanos > longestNanos) {
            longestNanos = nanos;
        }
    }

    /** To be called every half-second. */
    void look(long nowNanos) {
        if (longestNanos < 0) {
            return;
        }
        slowLooks = (slowLooks << 1 | (longestNanos >= SLOW_NANOS ? 1 : 0)) & ALL_LOOKS;
        slowestNanos = Math.max(slowestNanos, longestNanos);
        longestNanos = -1;
        if (slowLooks == 0) {
            recovered();
        } else if (Integer.bitCount(slowLooks) >= MANY && (!told || nowNanos - toldNanos >= REMINDER.toNanos())) {
            warn(nowNanos);
        }
    }

    private void warn(long nowNanos) {
        LOG.atWarn()
                .addKeyValue("server", server)
                .addKeyValue("meanMillis", Duration.ofNanos(sumNanos / answers).toMillis())
                .addKeyValue("slowestMillis", Duration.ofNanos(slowestNanos).toMillis())
                .log("Redis answers slowly");
        told = true;
        toldNanos = nowNanos;
        forget();
    }

    private void recovered() {
        if (told) {
            LOG.atInfo().addKeyValue("server", server).log("Redis answers quickly again");
        }
        told = false;
        forget();
    }

    private void forget() {
        answers = 0;
        sumNanos = 0;
        slowestNanos = 0;
    }
}
