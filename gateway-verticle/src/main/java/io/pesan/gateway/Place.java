package io.pesan.gateway;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One place that may answer a route's requests, this node's workers or another node, and how it has fared.
 *
 * <p>A place that failed rests: after an unknown outcome for one second, doubled each time up to ten; after it did not
 * begin for 200 ms. Its latency is a moving average that follows a rise at once and a fall slowly, and fades while nobody
 * asks, so that a slow place is tried again now and then. While it is asked it does not fade: what is under way there weighs as
 * much as it would take, or all requests of one moment would go to who was asked last long ago.
 */
final class Place {

    private static final long FIRST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long SHORT_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** After so long without a request a place counts as about a third as slow as it was. */
    private static final double FADING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final @Nullable String nodeId;
    private double latencyNanos;
    private long observedNanos;
    private int underWay;
    private boolean resting;
    private long restsUntilNanos;
    private long nextRestNanos = FIRST_REST_NANOS;

    /** @param nodeId null: this node itself */
    Place(@Nullable String nodeId) {
        this.nodeId = nodeId;
    }

    /** Null: this node itself. */
    @Nullable String nodeId() {
        return nodeId;
    }

    void asked() {
        underWay++;
    }

    void answered(long tookNanos, long nowNanos) {
        underWay--;
        observe(tookNanos, nowNanos);
        resting = false;
        nextRestNanos = FIRST_REST_NANOS;
    }

    /** The outcome of a request is unknown. Says whether the place begins to rest. */
    boolean failed(long tookNanos, long nowNanos) {
        underWay--;
        observe(tookNanos, nowNanos);
        // Requests that were under way together fail together, and count once.
        if (isResting(nowNanos)) {
            return false;
        }
        rest(nextRestNanos, nowNanos);
        nextRestNanos = Math.min(2 * nextRestNanos, LONGEST_REST_NANOS);
        return true;
    }

    void notBegun(long nowNanos) {
        underWay--;
        if (!isResting(nowNanos)) {
            rest(SHORT_REST_NANOS, nowNanos);
        }
    }

    boolean isResting(long nowNanos) {
        return resting && restsUntilNanos - nowNanos > 0;
    }

    /**
     * How long a request would take here, roughly; comparable between places at one moment.
     *
     * @param usualNanos what counts as the latency of a place that has been asked, but has not answered yet
     */
    double load(double usualNanos, long nowNanos) {
        if (underWay == 0) {
            return latencyNanos * fading(nowNanos);
        }
        return Math.max(1, hasFared() ? latencyNanos : usualNanos) * (underWay + 1);
    }

    /** Whether a request has been answered here, or was not in time. */
    boolean hasFared() {
        return latencyNanos > 0;
    }

    double latencyNanos() {
        return latencyNanos;
    }

    private void rest(long nanos, long nowNanos) {
        resting = true;
        restsUntilNanos = nowNanos + nanos;
    }

    private void observe(long tookNanos, long nowNanos) {
        double old = fading(nowNanos);
        double took = (double) tookNanos;
        latencyNanos = Math.max(took, latencyNanos * old + took * (1 - old));
        observedNanos = nowNanos;
    }

    private double fading(long nowNanos) {
        return latencyNanos == 0 ? 1 : Math.exp((double) (observedNanos - nowNanos) / FADING_NANOS);
    }
}
