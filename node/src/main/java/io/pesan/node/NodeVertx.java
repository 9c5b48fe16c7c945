package io.pesan.node;

import io.pesan.contract.bus.Routes;
import io.pesan.node.cluster.Membership;
import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.Configuration;
import io.pesan.node.metrics.NodeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the node's Vert.x: by itself, or as part of a cluster. */
final class NodeVertx {

    private static final Logger LOG = LoggerFactory.getLogger(NodeVertx.class);

    private final NodeParts parts;
    private final Configuration configuration;

    NodeVertx(NodeParts parts) {
        this.parts = parts;
        this.configuration = parts.configuration;
    }

    Future<Vertx> open() {
        Future<Vertx> opened = configuration.get(ConfigKeys.CLUSTER_ENABLED)
                ? join().compose(this::clustered)
                : Future.succeededFuture(builder(options()).build());
        return opened.onSuccess(vertx -> {
            parts.vertx = vertx;
            warnOfPlainTransport(vertx, System.getProperty("os.name"));
            Routes.registerCodecs(vertx.eventBus());
        });
    }

    /** It is only on Linux that there is a better one. */
    static void warnOfPlainTransport(Vertx vertx, String system) {
        if (system.startsWith("Linux") && !vertx.isNativeTransportEnabled()) {
            LOG.atWarn()
                    .addKeyValue("reason", String.valueOf(vertx.unavailableNativeTransportCause()))
                    .log("epoll can't be used: what is sent to a client that is gone counts as received");
        }
    }

    private VertxBuilder builder(VertxOptions options) {
        NodeMetrics metrics = parts.metrics;
        return metrics == null ? Vertx.builder().with(options) : metrics.watch(Vertx.builder(), options);
    }

    private VertxOptions options() {
        return new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(parts.eventLoops);
    }

    /** There is no event loop yet that this could block. */
    private Future<Membership> join() {
        CompletableFuture<Membership> joining =
                CompletableFuture.supplyAsync(() -> Membership.join(configuration), OneThread.named("join"));
        return Future.fromCompletionStage(joining)
                .recover(failure -> Future.failedFuture(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure));
    }

    private Future<Vertx> clustered(Membership membership) {
        parts.membership = membership;
        parts.solitude = membership.watchSolitude();
        return builder(options().setEventBusOptions(membership.busOptions()))
                .withClusterManager(membership.clusterManager())
                .buildClustered()
                .recover(failure -> Future.failedFuture(ListenFailure.explain(
                        "cluster",
                        "bus-port",
                        configuration.get(ConfigKeys.CLUSTER_HOST),
                        configuration.get(ConfigKeys.CLUSTER_BUS_PORT),
                        failure)))
                .map(vertx -> {
                    membership.followCertificates(vertx);
                    return vertx;
                });
    }
}
