package io.pesan.node;

import io.pesan.gateway.GatewayVerticle;
import io.pesan.node.cluster.BusReach;
import io.pesan.node.cluster.Membership;
import io.pesan.node.cluster.Solitude;
import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.Configuration;
import io.pesan.node.management.ManagementVerticle;
import io.pesan.node.management.NodePhase;
import io.pesan.node.management.ServiceLinks;
import io.pesan.node.metrics.NodeMetrics;
import io.pesan.node.redis.EmbeddedRedis;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What a node is made of, as far as it has been started. {@link NodeStart} fills it in, {@link NodeStop} takes down what
 * is there; their steps follow each other on various threads.
 */
final class NodeParts {

    final Configuration configuration;
    final int eventLoops = Runtime.getRuntime().availableProcessors();
    /** Deployments that serve no client by themselves. */
    final List<String> services = new CopyOnWriteArrayList<>();

    final List<String> gatewayIds = new CopyOnWriteArrayList<>();
    final List<GatewayVerticle> gateways = new CopyOnWriteArrayList<>();
    /** Null where nobody counts. */
    final @Nullable NodeMetrics metrics;

    final ServiceLinks links = new ServiceLinks();

    volatile NodePhase phase = NodePhase.STARTING;
    volatile @Nullable Membership membership;
    volatile @Nullable Solitude solitude;
    volatile @Nullable BusReach busReach;
    volatile @Nullable Vertx vertx;
    volatile @Nullable EmbeddedRedis embedded;
    volatile @Nullable ManagementVerticle management;
    volatile @Nullable NodePresence presence;

    NodeParts(Configuration configuration) {
        this.configuration = configuration;
        this.metrics = configuration.get(ConfigKeys.METRICS_ENABLED) ? new NodeMetrics() : null;
    }
}
