package io.pesan.node.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** Makes the families of one registry: each with its name, its help, and the kind of series that it has. */
final class Families {

    /** Upper bounds of times: 100 µs to 5 s. */
    private static final double[] SECONDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
    };
    /** A batch takes at most 4,096 commands. */
    private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096};

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrometheusRegistry registry;

    Families(PrometheusRegistry registry) {
        this.registry = registry;
    }

    /** @param name without {@code _total} */
    Series<Count> counter(String name, String help, String... labels) {
        Series<Count> series = new Series<>(Count::new, labels);
        register(
                metadata -> new CounterSnapshot(
                        metadata, series.read((of, parts) -> new CounterDataPointSnapshot(sum(parts), of, null, 0))),
                name,
                help);
        return series;
    }

    /** Its value is the sum of what its writers say. */
    Series<Count> gauge(String name, String help, String... labels) {
        Series<Count> series = new Series<>(Count::new, labels);
        register(
                metadata -> new GaugeSnapshot(
                        metadata, series.read((of, parts) -> new GaugeDataPointSnapshot(sum(parts), of, null))),
                name,
                help);
        return series;
    }

    /** A value that is read at each scrape, on the thread of the scrape. */
    void reading(String name, String help, DoubleSupplier value) {
        register(
                metadata -> new GaugeSnapshot(
                        metadata, List.of(new GaugeDataPointSnapshot(value.getAsDouble(), Labels.EMPTY, null))),
                name,
                help);
    }

    /** @param name without {@code _info} */
    void info(String name, String help, String label, String value) {
        register(
                metadata -> new InfoSnapshot(metadata, List.of(new InfoDataPointSnapshot(Labels.of(label, value)))),
                name,
                help);
    }

    /** Times; to be recorded in nanoseconds, shown in seconds. */
    Series<Distribution> times(String name, String help, String... labels) {
        long[] nanos = Arrays.stream(SECONDS)
                .mapToLong(seconds -> Math.round(seconds * NANOS))
                .toArray();
        return histogram(name, help, nanos, SECONDS, NANOS, labels);
    }

    /**
     * A part of a series of times that has no bounds: it shows how many there were and their sum, and all are above every bound.
     * For what ended badly, of which nobody asks how quickly it did.
     */
    static Distribution unbounded() {
        return new Distribution(new long[] {});
    }

    /** Numbers of things. */
    Series<Distribution> sizes(String name, String help, String... labels) {
        long[] bounds = Arrays.stream(SIZES).mapToLong(Math::round).toArray();
        return histogram(name, help, bounds, SIZES, 1, labels);
    }

    private Series<Distribution> histogram(
            String name, String help, long[] bounds, double[] shown, double unit, String... labels) {
        double[] withAll = Arrays.copyOf(shown, shown.length + 1);
        withAll[shown.length] = Double.POSITIVE_INFINITY;
        double[] all = {Double.POSITIVE_INFINITY};
        Series<Distribution> series = new Series<>(() -> new Distribution(bounds), labels);
        register(
                metadata -> new HistogramSnapshot(metadata, series.read((of, parts) -> {
                    long[] counts = new long[parts.get(0).buckets()];
                    double sum = 0;
                    for (Distribution part : parts) {
                        sum += part.addTo(counts);
                    }
                    return new HistogramDataPointSnapshot(
                            ClassicHistogramBuckets.of(counts.length == 1 ? all : withAll, counts),
                            sum / unit,
                            of,
                            Exemplars.EMPTY,
                            0);
                })),
                name,
                help);
        return series;
    }

    private static double sum(List<Count> parts) {
        long sum = 0;
        for (Count part : parts) {
            sum += part.get();
        }
        return sum;
    }

    /** Reads a family. */
    private interface Reading {
        MetricSnapshot read(MetricMetadata metadata);
    }

    private void register(Reading reading, String name, String help) {
        MetricMetadata metadata = new MetricMetadata(name, help);
        Collector collector = () -> reading.read(metadata);
        registry.register(collector);
    }
}
