package io.pesan.gateway;

import io.pesan.contract.bus.GatewayNotices;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves clients on one event loop. Instances that listen on the same port share its connections.
 *
 * <p>To leave well: {@link #drain}, then undeploy.
 */
public final class GatewayVerticle extends VerticleBase {

    private static final long TICK_MILLIS = 500;
    /** How late a command may be answered for being late. */
    private static final long EXPIRY_MILLIS = 100;

    private static final long MIN_TICK_MILLIS = 10;
    /** A load balancer sends its header at once. */
    private static final int PROXY_HEADER_SECONDS = 3;

    private static final int ACCEPT_BACKLOG = 4_096;

    private final GatewayConfig config;
    private final GatewayMetrics metrics;
    private @Nullable NetServer server;
    private @Nullable Gateway gateway;

    /** One that nobody watches. */
    public GatewayVerticle(GatewayConfig config) {
        this(config, GatewayMetrics.NONE);
    }

    public GatewayVerticle(GatewayConfig config, GatewayMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        String name = GatewayNotices.gateway(config.nodeId(), UUID.randomUUID().toString());
        Gateway opened = new Gateway(config, new Services(vertx, config.nodeId(), metrics), name, metrics);
        gateway = opened;
        // Until the verticle is undeployed.
        new GatewayNotices(vertx.eventBus()).hear(name, opened.listeners()::hear);
        NetServer created = vertx.createNetServer(new NetServerOptions()
                .setHost(config.listen().host())
                .setPort(config.listen().port())
                .setUseProxyProtocol(!config.listen().proxies().isEmpty())
                .setProxyProtocolTimeout(PROXY_HEADER_SECONDS)
                .setProxyProtocolTimeoutUnit(TimeUnit.SECONDS)
                .setTcpNoDelay(true)
                // Finds the dead among connections that nothing else would time out.
                .setTcpKeepAlive(true)
                .setAcceptBacklog(ACCEPT_BACKLOG));
        server = created;
        vertx.setPeriodic(TICK_MILLIS, timer -> opened.tick());
        vertx.setPeriodic(EXPIRY_MILLIS, timer -> opened.expire());
        return created.connectHandler(opened::accept).listen();
    }

    /** The port listened on, once deployed. */
    public int actualPort() {
        return server == null ? -1 : server.actualPort();
    }

    /**
     * Whether the session and the inbox service can be reached, on this node or another: some node has shown within the
     * last two seconds that it offers them. May be called from any thread; not before the verticle is deployed.
     */
    public Future<Boolean> servicesReachable() {
        return Future.future(answer -> context.runOnContext(here -> {
            Gateway serving = gateway;
            answer.complete(serving != null && serving.services().areReachable(System.nanoTime()));
        }));
    }

    /**
     * Stops accepting, lets what is under way finish, and closes the connections, spread over the drain time; those of
     * clients that can't cope with it last. At once where there are none.
     *
     * @return succeeds when no connection is left
     */
    public Future<Void> drain() {
        return Future.future(drained -> context.runOnContext(here -> leave().onComplete(drained)));
    }

    private Future<Void> leave() {
        NetServer listening = server;
        Gateway serving = gateway;
        if (listening == null || serving == null) {
            return Future.succeededFuture();
        }
        long millis = Math.max(1, config.timeouts().longestDrain().toMillis());
        // A short drain needs a finer clock.
        vertx.setPeriodic(Math.max(MIN_TICK_MILLIS, Math.min(TICK_MILLIS, millis / 20)), timer -> serving.tick());
        return listening.shutdown(millis, TimeUnit.MILLISECONDS);
    }
}
