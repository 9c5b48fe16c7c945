package io.pesan.node;

import io.pesan.gateway.GatewayVerticle;
import io.pesan.node.cluster.BusReach;
import io.pesan.node.cluster.Membership;
import io.pesan.node.cluster.Solitude;
import io.pesan.node.config.VerticleConfigs;
import io.pesan.node.management.NodePhase;
import io.pesan.node.metrics.NodeMetrics;
import io.pesan.node.redis.EmbeddedRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The steps of a stop, one after the other, from what clients see to what everything stands on. A step that fails or takes
 * too long is logged and does not keep the next one from being taken: not even a node whose event loops or whose cluster
 * hang stays for ever.
 */
final class NodeStop {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStop.class);
    /** Beyond the drain time-out that the gateways keep themselves. */
    private static final Duration DRAIN_GRACE = Duration.ofSeconds(2);
    /** For undeploying what no client is connected to any more. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    /** Beyond the 8 s for which Hazelcast may wait, for others and for itself. */
    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(10);
    /** An embedded Redis that does not end within 10 s is killed. */
    private static final Duration REDIS_PATIENCE = Duration.ofSeconds(15);

    private final NodeParts parts;
    private final Level level;

    /** @param level at which steps that went well are logged */
    NodeStop(NodeParts parts, Level level) {
        this.parts = parts;
        this.level = level;
    }

    /** Succeeds in any case. */
    Future<Void> run() {
        // Readiness fails from here on.
        parts.phase = NodePhase.DRAINING;
        Vertx vertx = parts.vertx;
        Future<Void> quiet = vertx == null
                ? Future.succeededFuture()
                : step("drain the gateways", longestDrain(), this::drain)
                        .compose(done -> step("stop the gateways", CLOSE_PATIENCE, () -> undeploy(parts.gatewayIds)))
                        .compose(done -> step("take leave of the other nodes", CLOSE_PATIENCE, this::takeLeave))
                        .compose(done -> step("stop the services", CLOSE_PATIENCE, () -> undeploy(parts.services)))
                        .compose(done -> step("close the event bus", CLOSE_PATIENCE, vertx::close));
        return quiet.compose(done -> leaveCluster())
                .compose(done -> stopRedis())
                .onComplete(done -> stopCounting());
    }

    private void stopCounting() {
        NodeMetrics metrics = parts.metrics;
        if (metrics != null) {
            metrics.close();
        }
    }

    private Duration longestDrain() {
        return VerticleConfigs.gateway(parts.configuration, 0, parts.eventLoops)
                .timeouts()
                .longestDrain()
                .plus(DRAIN_GRACE);
    }

    private Future<?> drain() {
        return Future.join(parts.gateways.stream().map(GatewayVerticle::drain).toList());
    }

    private Future<Void> takeLeave() {
        BusReach reach = parts.busReach;
        if (reach != null) {
            // From here on no node hears this one.
            reach.close();
        }
        NodePresence shown = parts.presence;
        return shown == null ? Future.succeededFuture() : shown.leave();
    }

    private Future<?> undeploy(List<String> ids) {
        Vertx vertx = parts.vertx;
        return vertx == null
                ? Future.succeededFuture()
                : Future.join(ids.stream().map(vertx::undeploy).toList());
    }

    private Future<Void> leaveCluster() {
        Solitude watch = parts.solitude;
        if (watch != null) {
            watch.close();
        }
        Membership membership = parts.membership;
        if (membership == null) {
            return Future.succeededFuture();
        }
        return blockingStep("leave the cluster", LEAVE_PATIENCE, membership::leave);
    }

    private Future<Void> stopRedis() {
        EmbeddedRedis redis = parts.embedded;
        return redis == null
                ? Future.succeededFuture()
                : blockingStep("stop the embedded Redis", REDIS_PATIENCE, redis::close);
    }

    private Future<Void> blockingStep(String what, Duration patience, Runnable work) {
        return step(
                what,
                patience,
                () -> Future.fromCompletionStage(CompletableFuture.runAsync(work, OneThread.named("stop"))));
    }

    /** Its clock is not that of an event loop, which may be what hangs. */
    private Future<Void> step(String what, Duration patience, Supplier<Future<?>> work) {
        long began = System.nanoTime();
        CompletableFuture<?> bounded = work.get()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        return Future.fromCompletionStage(bounded.handle((done, failure) -> {
            long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            if (failure == null) {
                LOG.atLevel(level)
                        .addKeyValue("step", what)
                        .addKeyValue("ms", millis)
                        .log("stopping");
            } else {
                LOG.atWarn()
                        .addKeyValue("step", what)
                        .addKeyValue("ms", millis)
                        .addKeyValue("failure", String.valueOf(failure))
                        .log("a step of the stop failed");
            }
            return null;
        }));
    }
}
