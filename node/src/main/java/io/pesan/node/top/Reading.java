package io.pesan.node.top;

import io.pesan.node.metrics.Samples;
import org.jspecify.annotations.Nullable;

/**
 * What one node's metrics were at one moment.
 *
 * @param nanos when, by {@link System#nanoTime}
 * @param samples null: it could not be asked
 * @param trouble why; empty if it could
 */
record Reading(long nanos, @Nullable Samples samples, String trouble) {

    static Reading of(Samples samples) {
        return new Reading(System.nanoTime(), samples, "");
    }

    static Reading failed(String trouble) {
        return new Reading(System.nanoTime(), null, trouble);
    }
}
