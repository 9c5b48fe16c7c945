package io.pesan.node.management;

import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Serves the management endpoint. One instance. */
public final class ManagementVerticle extends VerticleBase {

    private static final int IDLE_SECONDS = 30;

    private final String host;
    private final int port;
    private final AdminToken token;
    private final Supplier<NodePhase> phase;
    private final RedisConfig redis;
    private @Nullable RedisLink link;
    private volatile int actualPort;

    /**
     * @param port 0: any free one
     * @param phase where the node is in its life; asked from this verticle's event loop
     */
    public ManagementVerticle(String host, int port, AdminToken token, Supplier<NodePhase> phase, RedisConfig redis) {
        this.host = host;
        this.port = port;
        this.token = token;
        this.phase = phase;
        this.redis = redis;
    }

    /** Fails if the port can't be had. Does not wait for Redis: that is what readiness tells. */
    @Override
    public Future<HttpServer> start() {
        RedisLink opened = RedisLink.open(vertx, redis, List.of());
        link = opened;
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout(IDLE_SECONDS)
                .setHttp2ClearTextEnabled(false);
        return vertx.createHttpServer(options)
                .requestHandler(new ManagementRouter(
                        new Health(phase, opened), new AccountAdministration(vertx.eventBus()), token))
                .listen()
                .onSuccess(server -> actualPort = server.actualPort());
    }

    /** Where it listens, once deployed. */
    public int actualPort() {
        return actualPort;
    }

    @Override
    public Future<Void> stop() {
        return link == null ? Future.succeededFuture() : link.close();
    }
}
