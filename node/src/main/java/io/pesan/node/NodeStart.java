package io.pesan.node;

import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.Routes;
import io.pesan.gateway.GatewayMetrics;
import io.pesan.gateway.GatewayVerticle;
import io.pesan.inbox.InboxMetrics;
import io.pesan.inbox.InboxVerticle;
import io.pesan.node.cluster.BusReach;
import io.pesan.node.cluster.Membership;
import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import io.pesan.node.config.VerticleConfigs;
import io.pesan.node.management.AdminToken;
import io.pesan.node.management.EventLoopBeats;
import io.pesan.node.management.ManagementVerticle;
import io.pesan.node.management.NodePhase;
import io.pesan.node.management.Surroundings;
import io.pesan.node.metrics.NodeMetrics;
import io.pesan.node.redis.EmbeddedRedis;
import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisMetrics;
import io.pesan.redis.RedisServerCheck;
import io.pesan.session.SessionMetrics;
import io.pesan.session.SessionVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a start, one after the other. */
final class NodeStart {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);
    private static final Duration REDIS_PATIENCE = Duration.ofSeconds(5);
    /** For a service to start; it does so with its first connection to Redis, however long that takes. */
    private static final Duration SERVICE_PATIENCE = Duration.ofSeconds(10);

    private final NodeParts parts;
    private final Configuration configuration;

    NodeStart(NodeParts parts) {
        this.parts = parts;
        this.configuration = parts.configuration;
    }

    /** Fails where it could not go on; what it has started by then is to be stopped. */
    Future<Void> run() {
        return new NodeVertx(parts).open().compose(this::onItsOwnLoop);
    }

    private Future<Void> onItsOwnLoop(Vertx vertx) {
        Promise<Void> started = Promise.promise();
        vertx.runOnContext(begin -> redis(vertx)
                .compose(redis -> deployManagement(vertx, redis).compose(up -> deployServices(vertx, redis)))
                .compose(deployed -> showPresence(vertx))
                .compose(shown -> addDemonstrationAccounts(vertx))
                .compose(accounts -> deployGateways(vertx))
                .onSuccess(all -> parts.phase = NodePhase.RUNNING)
                .onComplete(started));
        return started.future();
    }

    /** Null where the node needs none. */
    private Future<@Nullable RedisConfig> redis(Vertx vertx) {
        if (!configuration.usesRedis()) {
            return Future.succeededFuture();
        } else if (configuration.isRedisEmbedded()) {
            return vertx.executeBlocking(() -> {
                EmbeddedRedis redis = EmbeddedRedis.start(configuration.dataDirectory());
                parts.embedded = redis;
                return redis.config();
            });
        }
        RedisConfig external = VerticleConfigs.redis(configuration);
        return vertx.executeBlocking(() -> {
                    VerticleConfigs.requireRedisCaFile(configuration);
                    return external;
                })
                .compose(config -> checked(vertx, config));
    }

    private static Future<@Nullable RedisConfig> checked(Vertx vertx, RedisConfig external) {
        return RedisServerCheck.check(vertx, external, REDIS_PATIENCE)
                .onSuccess(version -> LOG.atInfo()
                        .addKeyValue("server", external.server())
                        .addKeyValue("version", version)
                        .log("Redis answers"))
                .transform(check -> check.succeeded()
                        ? Future.succeededFuture(external)
                        : Future.failedFuture(
                                new StartFailure(String.valueOf(check.cause().getMessage()), check.cause())));
    }

    private Future<Void> deployManagement(Vertx vertx, @Nullable RedisConfig redis) {
        String host = configuration.get(ConfigKeys.MANAGEMENT_HOST);
        int port = configuration.get(ConfigKeys.MANAGEMENT_PORT);
        NodeMetrics metrics = parts.metrics;
        EventLoopBeats beats =
                EventLoopBeats.begin(vertx, () -> metrics == null ? nanos -> {} : metrics.eventLoopLag());
        Membership membership = parts.membership;
        if (metrics != null) {
            metrics.eventLoopSilence(beats::longestSilence);
            showState(metrics, membership);
        }
        Surroundings around = new Surroundings(
                () -> parts.phase,
                beats,
                redis,
                parts.links,
                neededFromOthers(),
                membership == null ? null : membership::size,
                metrics);
        return vertx.executeBlocking(() -> AdminToken.readOrCreate(configuration))
                .compose(token -> {
                    ManagementVerticle verticle = new ManagementVerticle(host, port, token, around);
                    parts.management = verticle;
                    return vertx.deployVerticle(verticle);
                })
                .onSuccess(parts.services::add)
                .transform(deployed -> deployed.succeeded()
                        ? Future.succeededFuture()
                        : Future.failedFuture(ListenFailure.explain("management", host, port, deployed.cause())));
    }

    private void showState(NodeMetrics metrics, @Nullable Membership membership) {
        metrics.draining(() -> parts.phase == NodePhase.DRAINING);
        metrics.clusterEnabled(membership != null);
        metrics.clusterMembers(membership == null ? () -> 1 : membership::size);
        metrics.clusterNodesUnreachable(() -> {
            BusReach reach = parts.busReach;
            return reach == null ? 0 : reach.unreachable();
        });
        Supplier<Instant> expiry = membership == null ? null : membership.certificateExpiry();
        if (expiry != null) {
            metrics.busCertificate(expiry);
        }
    }

    /** What a gateway can't do without and this node doesn't do itself. */
    private List<Route<?, ?>> neededFromOthers() {
        List<Route<?, ?>> needed = new ArrayList<>();
        if (configuration.hasRole("gateway") && !configuration.hasRole("session")) {
            needed.add(Routes.SESSION);
        }
        if (configuration.hasRole("gateway") && !configuration.hasRole("inbox")) {
            needed.add(Routes.INBOX);
        }
        return needed;
    }

    private Future<Void> deployServices(Vertx vertx, @Nullable RedisConfig redis) {
        Future<Void> all = Future.succeededFuture();
        if (redis == null) {
            return all;
        }
        if (configuration.hasRole("session")) {
            all = all.compose(next -> deployService(vertx, redis, sessionVerticle(redis)));
        }
        for (int i = 0; i < parts.eventLoops && configuration.hasRole("inbox"); i++) {
            all = all.compose(next -> deployService(vertx, redis, inboxVerticle(redis)));
        }
        return all;
    }

    private SessionVerticle sessionVerticle(RedisConfig redis) {
        NodeMetrics metrics = parts.metrics;
        return new SessionVerticle(
                VerticleConfigs.session(configuration),
                redis,
                metrics == null ? SessionMetrics.NONE : metrics.session(),
                links("session", redis));
    }

    private InboxVerticle inboxVerticle(RedisConfig redis) {
        NodeMetrics metrics = parts.metrics;
        return new InboxVerticle(
                VerticleConfigs.inbox(configuration),
                redis,
                metrics == null ? InboxMetrics.NONE : metrics.inbox(),
                links("inbox", redis));
    }

    /** Health looks at them, whether they are counted or not. */
    private Supplier<RedisMetrics> links(String service, RedisConfig redis) {
        NodeMetrics metrics = parts.metrics;
        return parts.links.of(
                service,
                redis.mode() == RedisConfig.Mode.CLUSTER,
                metrics == null ? () -> RedisMetrics.NONE : metrics::redis);
    }

    private Future<Void> deployService(Vertx vertx, RedisConfig redis, Deployable verticle) {
        return vertx.deployVerticle(verticle)
                .onSuccess(parts.services::add)
                .timeout(SERVICE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .transform(deployed -> deployed.succeeded()
                        ? Future.succeededFuture()
                        : Future.failedFuture(explain(redis, deployed.cause())));
    }

    private static Throwable explain(RedisConfig redis, Throwable failure) {
        return failure instanceof TimeoutException
                ? new StartFailure("redis.url: " + redis.server() + ": does not answer any more", failure)
                : failure;
    }

    private Future<Void> showPresence(Vertx vertx) {
        List<Route<?, ?>> routes = new ArrayList<>();
        if (configuration.hasRole("session")) {
            routes.addAll(List.of(Routes.SESSION, Routes.CREDENTIALS, Routes.ACCOUNTS));
        }
        if (configuration.hasRole("inbox")) {
            routes.add(Routes.INBOX);
        }
        Membership membership = parts.membership;
        BusReach reach = membership == null ? null : membership.watchBus(vertx);
        parts.busReach = reach;
        NodePresence shown = new NodePresence(
                vertx, configuration.get(ConfigKeys.NODE_ID), routes, reach == null ? presence -> {} : reach::see);
        parts.presence = shown;
        return shown.begin();
    }

    private Future<Void> addDemonstrationAccounts(Vertx vertx) {
        return configuration.get(ConfigKeys.ACCOUNTS_DEMO) && configuration.hasRole("session")
                ? DemonstrationAccounts.add(vertx.eventBus())
                : Future.succeededFuture();
    }

    private Future<Void> deployGateways(Vertx vertx) {
        if (!configuration.hasRole("gateway")) {
            return Future.succeededFuture();
        }
        String host = configuration.get(ConfigKeys.GATEWAY_HOST);
        int wanted = configuration.get(ConfigKeys.GATEWAY_PORT);
        return vertx.executeBlocking(() -> portFor(host, wanted))
                .compose(port -> deployGateways(vertx, port))
                .recover(failure -> Future.failedFuture(ListenFailure.explain("gateway", host, wanted, failure)));
    }

    /** Gateways share a port only if they name it: for any free one, one is looked for first. */
    private static int portFor(String host, int wanted) throws IOException {
        if (wanted > 0) {
            return wanted;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(host, 0));
            return probe.getLocalPort();
        }
    }

    private Future<Void> deployGateways(Vertx vertx, int port) {
        Future<Void> all = Future.succeededFuture();
        for (int i = 0; i < parts.eventLoops; i++) {
            GatewayVerticle gateway = new GatewayVerticle(
                    VerticleConfigs.gateway(configuration, port, parts.eventLoops),
                    parts.metrics == null ? GatewayMetrics.NONE : parts.metrics.gateway());
            all = all.compose(next -> vertx.deployVerticle(gateway))
                    .onSuccess(parts.gatewayIds::add)
                    .onSuccess(id -> parts.gateways.add(gateway))
                    .mapEmpty();
        }
        return all;
    }
}
