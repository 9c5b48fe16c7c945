package io.pesan.node.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The time series of one metric by their labels, each with the parts of all who write it. Threads ask for their parts at
 * the start; a scrape reads them all.
 */
final class Series<P> {

    private final String[] labelNames;
    private final Supplier<P> newPart;
    private final Map<Labels, List<P>> parts = new LinkedHashMap<>();

    Series(Supplier<P> newPart, String... labelNames) {
        this.newPart = newPart;
        this.labelNames = labelNames;
    }

    /** A part of its own for whoever asks, of the series with these values of the labels. */
    P part(String... labelValues) {
        return add(newPart.get(), labelValues);
    }

    /** Adds a part that is like all others of these values of the labels, but need not be of the usual make. */
    synchronized P add(P part, String... labelValues) {
        parts.computeIfAbsent(Labels.of(labelNames, labelValues), labels -> new ArrayList<>())
                .add(part);
        return part;
    }

    synchronized <S> List<S> read(BiFunction<Labels, List<P>, S> reading) {
        List<S> points = new ArrayList<>(parts.size());
        parts.forEach((labels, all) -> points.add(reading.apply(labels, all)));
        return points;
    }
}
