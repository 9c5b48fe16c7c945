package io.pesan.node;

import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.Routes;
import io.pesan.gateway.GatewayVerticle;
import io.pesan.inbox.InboxVerticle;
import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import io.pesan.node.config.VerticleConfigs;
import io.pesan.node.management.AdminToken;
import io.pesan.node.management.ManagementVerticle;
import io.pesan.node.management.NodePhase;
import io.pesan.node.redis.EmbeddedRedis;
import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisServerCheck;
import io.pesan.session.SessionVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: Redis if it needs one of its own, the verticles of its roles, the management endpoint.
 *
 * <p>Its steps run one after the other on an event loop of its own Vert.x. A start that fails has undone itself.
 */
public final class PesanNode {

    private static final Logger LOG = LoggerFactory.getLogger(PesanNode.class);
    private static final Duration REDIS_PATIENCE = Duration.ofSeconds(5);
    /** For a service to start; it does so with its first connection to Redis, however long that takes. */
    private static final Duration SERVICE_PATIENCE = Duration.ofSeconds(10);
    /** For a start under way when the node is told to stop. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(5);
    /** Beyond the drain time-out that the gateways keep themselves. */
    private static final Duration DRAIN_GRACE = Duration.ofSeconds(2);
    /** For undeploying what no client is connected to any more. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Configuration configuration;
    private final int eventLoops = Runtime.getRuntime().availableProcessors();
    private final Vertx vertx;
    private final Promise<Void> started = Promise.promise();
    private final List<String> services = new ArrayList<>();
    private final List<String> gatewayIds = new ArrayList<>();
    private final List<GatewayVerticle> gateways = new ArrayList<>();
    private volatile NodePhase phase = NodePhase.STARTING;
    private @Nullable EmbeddedRedis embedded;
    private @Nullable ManagementVerticle management;
    private @Nullable NodePresence presence;

    public PesanNode(Configuration configuration) {
        this.configuration = configuration;
        this.vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(eventLoops));
        Routes.registerCodecs(vertx.eventBus());
    }

    /** Succeeds when clients are served; fails with {@link StartFailure} where the operator must act. Once. */
    public Future<Void> start() {
        vertx.runOnContext(begin -> redis().compose(this::deployManagement)
                .compose(this::deployServices)
                .compose(deployed -> showPresence())
                .compose(shown -> addDemonstrationAccounts())
                .compose(accounts -> deployGateways())
                .onSuccess(all -> phase = NodePhase.RUNNING)
                .onComplete(started));
        return started.future().recover(failure -> stopNow().transform(stopped -> Future.failedFuture(failure)));
    }

    /** Lets clients finish, then ends everything. A start under way may end within 5 s, or else is left as it is. Once. */
    public Future<Void> stop() {
        return started.future()
                .timeout(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .transform(start -> start.succeeded() ? stopNow() : Future.succeededFuture());
    }

    /** Where clients connect, once started. */
    public int gatewayPort() {
        return gateways.isEmpty() ? 0 : gateways.get(0).actualPort();
    }

    /** Where the management endpoint listens, once started. */
    public int managementPort() {
        return management == null ? 0 : management.actualPort();
    }

    private Future<RedisConfig> redis() {
        if (configuration.isRedisEmbedded()) {
            return vertx.executeBlocking(() -> {
                EmbeddedRedis redis = EmbeddedRedis.start(configuration.dataDirectory());
                embedded = redis;
                return redis.config();
            });
        }
        RedisConfig external = VerticleConfigs.redis(configuration);
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

    private Future<RedisConfig> deployManagement(RedisConfig redis) {
        String host = configuration.get(ConfigKeys.MANAGEMENT_HOST);
        int port = configuration.get(ConfigKeys.MANAGEMENT_PORT);
        return vertx.executeBlocking(() -> AdminToken.readOrCreate(configuration))
                .compose(token -> {
                    ManagementVerticle verticle = new ManagementVerticle(host, port, token, () -> phase, redis);
                    management = verticle;
                    return vertx.deployVerticle(verticle);
                })
                .onSuccess(services::add)
                .transform(deployed -> deployed.succeeded()
                        ? Future.succeededFuture(redis)
                        : Future.failedFuture(ListenFailure.explain("management", host, port, deployed.cause())));
    }

    private Future<Void> deployServices(RedisConfig redis) {
        Future<Void> all = Future.succeededFuture();
        if (hasRole("session")) {
            all = all.compose(
                    next -> deployService(redis, new SessionVerticle(VerticleConfigs.session(configuration), redis)));
        }
        for (int i = 0; i < eventLoops && hasRole("inbox"); i++) {
            all = all.compose(
                    next -> deployService(redis, new InboxVerticle(VerticleConfigs.inbox(configuration), redis)));
        }
        return all;
    }

    private Future<Void> deployService(RedisConfig redis, Deployable verticle) {
        return vertx.deployVerticle(verticle)
                .onSuccess(services::add)
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

    private Future<Void> showPresence() {
        List<Route<?, ?>> routes = new ArrayList<>();
        if (hasRole("session")) {
            routes.addAll(List.of(Routes.SESSION, Routes.CREDENTIALS, Routes.ACCOUNTS));
        }
        if (hasRole("inbox")) {
            routes.add(Routes.INBOX);
        }
        NodePresence shown = new NodePresence(vertx, configuration.get(ConfigKeys.NODE_ID), routes);
        presence = shown;
        return shown.begin();
    }

    private Future<Void> addDemonstrationAccounts() {
        return configuration.get(ConfigKeys.ACCOUNTS_DEMO) && hasRole("session")
                ? DemonstrationAccounts.add(vertx.eventBus())
                : Future.succeededFuture();
    }

    private Future<Void> deployGateways() {
        if (!hasRole("gateway")) {
            return Future.succeededFuture();
        }
        String host = configuration.get(ConfigKeys.GATEWAY_HOST);
        int wanted = configuration.get(ConfigKeys.GATEWAY_PORT);
        return vertx.executeBlocking(() -> portFor(host, wanted))
                .compose(this::deployGateways)
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

    private Future<Void> deployGateways(int port) {
        Future<Void> all = Future.succeededFuture();
        for (int i = 0; i < eventLoops; i++) {
            GatewayVerticle gateway = new GatewayVerticle(VerticleConfigs.gateway(configuration, port, eventLoops));
            all = all.compose(next -> vertx.deployVerticle(gateway))
                    .onSuccess(gatewayIds::add)
                    .onSuccess(id -> gateways.add(gateway))
                    .mapEmpty();
        }
        return all;
    }

    private boolean hasRole(String role) {
        return configuration.get(ConfigKeys.NODE_ROLES).contains(role);
    }

    /** A step that fails or hangs is logged and does not keep the next one from being taken. */
    private Future<Void> stopNow() {
        phase = NodePhase.DRAINING;
        Duration drain = VerticleConfigs.gateway(configuration, gatewayPort(), eventLoops)
                .timeouts()
                .longestDrain()
                .plus(DRAIN_GRACE);
        return step(
                        "drain the gateways",
                        drain,
                        Future.join(
                                gateways.stream().map(GatewayVerticle::drain).toList()))
                .compose(drained -> step("stop the gateways", CLOSE_PATIENCE, undeploy(gatewayIds)))
                .compose(gone -> step("take leave of the other nodes", CLOSE_PATIENCE, leave()))
                .compose(gone -> step("stop the services", CLOSE_PATIENCE, undeploy(services)))
                .compose(gone -> stopRedis())
                .eventually(vertx::close);
    }

    private Future<Void> leave() {
        NodePresence shown = presence;
        return shown == null ? Future.succeededFuture() : shown.leave();
    }

    private Future<?> undeploy(List<String> ids) {
        return Future.join(ids.stream().map(vertx::undeploy).toList());
    }

    private Future<Void> stopRedis() {
        EmbeddedRedis redis = embedded;
        return redis == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(() -> {
                    redis.close();
                    return null;
                });
    }

    private static Future<Void> step(String what, Duration patience, Future<?> work) {
        return work.timeout(patience.toMillis(), TimeUnit.MILLISECONDS).transform(outcome -> {
            if (outcome.failed()) {
                LOG.atWarn().addKeyValue("step", what).setCause(outcome.cause()).log("a step of the stop failed");
            }
            return Future.succeededFuture();
        });
    }
}
