package io.pesan.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Counts what happens during the measured window. Throughput counts answers that arrive in the window; latency counts
 * requests that start in it, also those that are answered later.
 */
final class Tally {

    /** Longest latency that is told apart from longer ones. */
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(2);

    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram latency = new Histogram(LONGEST_MICROS, SIGNIFICANT_DIGITS);
    private final Map<String, Long> errors = new TreeMap<>();
    private long from = Long.MAX_VALUE;
    private long to = Long.MAX_VALUE;
    private long ok;
    private long messages;

    /** Sets the window ({@link System#nanoTime}); before, nothing is counted but lost connections. */
    void measure(long from, long to) {
        this.from = from;
        this.to = to;
    }

    void ok(long started, long now) {
        if (isMeasured(now)) {
            ok++;
        }
        if (isMeasured(started)) {
            long micros = TimeUnit.NANOSECONDS.toMicros(now - started);
            latency.recordValue(Math.min(micros, LONGEST_MICROS));
        }
    }

    void error(String code, long now) {
        if (isMeasured(now)) {
            errors.merge(code, 1L, Long::sum);
        }
    }

    /** A connection that is lost counts whenever that is: from then on the run isn't what was asked for. */
    void lostConnection() {
        errors.merge("CONNECTION_LOST", 1L, Long::sum);
    }

    /** Requests whose answers were still missing some seconds after the window. */
    void unanswered(long count) {
        if (count > 0) {
            errors.merge("UNANSWERED", count, Long::sum);
        }
    }

    /** Messages that had not come some seconds after the window. */
    void missing(long count) {
        if (count > 0) {
            errors.merge("MISSING", count, Long::sum);
        }
    }

    /** Messages that an {@code inbox} delivered. */
    void delivered(int count, long now) {
        if (isMeasured(now)) {
            messages += count;
        }
    }

    private boolean isMeasured(long time) {
        return time - from >= 0 && time - to < 0;
    }

    long ok() {
        return ok;
    }

    long messages() {
        return messages;
    }

    /** How often each error was met, by its code. */
    Map<String, Long> errors() {
        return errors;
    }

    /** In microseconds. */
    Histogram latency() {
        return latency;
    }
}
