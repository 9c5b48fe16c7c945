package io.pesan.node.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pesan.gateway.GatewayMetrics;
import io.pesan.inbox.InboxMetrics;
import io.pesan.redis.RedisMetrics;
import io.pesan.session.SessionMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is counted of one node. A part of the node that is started asks for what it tells; the metrics of roles
 * that the node does not have are not there.
 */
public final class NodeMetrics implements AutoCloseable {

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrometheusRegistry collectors = new PrometheusRegistry();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, collectors, Clock.SYSTEM);
    private final Families families = new Families(collectors);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final LogbackMetrics logged = new LogbackMetrics();
    private final Series<Distribution> lags;
    private GatewayCounts.@Nullable Shared gateways;
    private InboxCounts.@Nullable Shared inboxes;
    private RedisCounts.@Nullable Shared links;
    private @Nullable Series<Count> removed;

    public NodeMetrics() {
        // Each connection has a pool with a name made up at random: as many series as reconnects.
        registry.config().meterFilter(MeterFilter.deny(meter -> "redis".equals(meter.getTag("pool_type"))));
        families.info("pesan_build", "The version that runs.", "version", BuildVersion.read());
        lags = families.times(
                "pesan_event_loop_lag_seconds",
                "How late an event loop came to a task that was due, tried every 100 ms.");
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new OpenFiles().bindTo(registry);
        collections.bindTo(registry);
        logged.bindTo(registry);
    }

    /**
     * Lets Vert.x count its event bus, pools and management server. Not its sockets and not its Redis client: the gateway and
     * the links count their own, and each read, write and command would be counted twice. No label of what it counts comes from clients.
     */
    public VertxBuilder watch(VertxBuilder builder, VertxOptions options) {
        MicrometerMetricsOptions metrics = new MicrometerMetricsOptions()
                .setEnabled(true)
                // Registries of one name are one.
                .setRegistryName(UUID.randomUUID().toString())
                .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME, Label.HTTP_CODE, Label.EB_SIDE));
        List.of(
                        MetricsDomain.NET_SERVER,
                        MetricsDomain.NET_CLIENT,
                        MetricsDomain.HTTP_CLIENT,
                        MetricsDomain.DATAGRAM_SOCKET)
                .forEach(metrics::addDisabledMetricsCategory);
        metrics.addDisabledMetricsCategory("redis");
        return builder.with(options.setMetricsOptions(metrics)).withMetrics(new MicrometerMetricsFactory(registry));
    }

    /** For one event loop's gateway. */
    public synchronized GatewayMetrics gateway() {
        GatewayCounts.Shared shared = gateways == null ? new GatewayCounts.Shared(families) : gateways;
        gateways = shared;
        return new GatewayCounts(shared);
    }

    /** For the session verticle; there is one. */
    public synchronized SessionMetrics session() {
        return new SessionCounts(families, removed());
    }

    /** For one inbox verticle. */
    public synchronized InboxMetrics inbox() {
        InboxCounts.Shared shared = inboxes == null ? new InboxCounts.Shared(families, removed()) : inboxes;
        inboxes = shared;
        return new InboxCounts(shared);
    }

    /** For one link to Redis. */
    public synchronized RedisMetrics redis() {
        RedisCounts.Shared shared = links == null ? new RedisCounts.Shared(families) : links;
        links = shared;
        return new RedisCounts(shared);
    }

    private Series<Count> removed() {
        Series<Count> family = removed == null
                ? families.counter("pesan_inbox_messages_removed", "Messages that left inboxes, by why.", "reason")
                : removed;
        removed = family;
        return family;
    }

    /** For one event loop: takes its lag, in nanoseconds. */
    public LongConsumer eventLoopLag() {
        return lags.part()::record;
    }

    /**
     * Shows how long an event loop has hung while it still does, when there is no lag to record.
     *
     * @param longestNanos asked on a thread that may block
     */
    public void eventLoopSilence(LongSupplier longestNanos) {
        families.reading(
                "pesan_event_loop_silence_seconds",
                "For how long the event loop that has been silent for longest has not come to its work.",
                () -> longestNanos.getAsLong() / NANOS);
    }

    /**
     * Shows whether the node is leaving.
     *
     * @param now asked on a thread that may block
     */
    public void draining(BooleanSupplier now) {
        families.reading(
                "pesan_node_draining",
                "1 from the beginning of the node's stop, else 0.",
                () -> now.getAsBoolean() ? 1 : 0);
    }

    /** Shows whether the node is configured to be in a cluster, however many it sees in it. */
    public void clusterEnabled(boolean enabled) {
        families.reading(
                "pesan_cluster_enabled",
                "1 if the node is configured to be in a cluster, else 0.",
                () -> enabled ? 1 : 0);
    }

    /**
     * Shows how many nodes there are.
     *
     * @param members asked on a thread that may block
     */
    public void clusterMembers(IntSupplier members) {
        families.reading(
                "pesan_cluster_members",
                "Nodes that this one sees in its cluster, itself included.",
                members::getAsInt);
    }

    /**
     * Shows how many nodes of the cluster this one can't exchange messages with.
     *
     * @param nodes asked on a thread that may block
     */
    public void clusterNodesUnreachable(IntSupplier nodes) {
        families.reading(
                "pesan_cluster_nodes_unreachable",
                "Nodes of the cluster that this one does not hear on the event bus, or that do not hear it.",
                nodes::getAsInt);
    }

    /**
     * Shows until when the certificate of the event bus is good.
     *
     * @param expiry asked at each scrape
     */
    public void busCertificate(Supplier<Instant> expiry) {
        families.reading(
                "pesan_bus_certificate_expiry_timestamp_seconds",
                "When the certificate that the event bus shows expires, in seconds since 1970.",
                () -> expiry.get().getEpochSecond());
    }

    /**
     * Writes everything down. Takes milliseconds: not for an event loop.
     *
     * @param accept the HTTP header: OpenMetrics for who asks for it, else Prometheus's text
     */
    public Scrape scrape(@Nullable String accept) {
        String type =
                accept != null && accept.contains(Scrape.OPEN_METRICS) ? Scrape.OPEN_METRICS_TYPE : Scrape.TEXT_TYPE;
        return new Scrape(type, registry.scrape(type));
    }

    @Override
    public void close() {
        collections.close();
        logged.close();
        registry.close();
    }
}
