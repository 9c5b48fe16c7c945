package io.pesan.node.management;

import io.pesan.contract.bus.PresenceBoard;
import io.pesan.contract.bus.ServiceNodes;
import io.pesan.node.metrics.NodeMetrics;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisMetrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves the management endpoint. One instance. */
public final class ManagementVerticle extends VerticleBase {

    private static final int IDLE_SECONDS = 30;

    private final String host;
    private final int port;
    private final AdminToken token;
    private final Surroundings around;
    private @Nullable RedisLink link;
    private volatile int actualPort;

    /**
     * @param port 0: any free one
     * @param around what health is judged by
     */
    public ManagementVerticle(String host, int port, AdminToken token, Surroundings around) {
        this.host = host;
        this.port = port;
        this.token = token;
        this.around = around;
    }

    /** Fails if the port can't be had. Waits for neither Redis nor other nodes: that is what readiness tells. */
    @Override
    public Future<HttpServer> start() {
        if (around.redis() != null) {
            NodeMetrics metrics = around.metrics();
            link = RedisLink.open(
                    vertx, around.redis(), List.of(), metrics == null ? () -> RedisMetrics.NONE : metrics::redis);
        }
        ServiceNodes nodes = new ServiceNodes();
        // Vert.x stops the watch with the verticle.
        new PresenceBoard(vertx.eventBus()).watch(presence -> nodes.see(presence, System.nanoTime()));
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout(IDLE_SECONDS)
                .setHttp2ClearTextEnabled(false);
        return vertx.createHttpServer(options)
                .requestHandler(new ManagementRouter(
                        new Health(around, link, nodes),
                        new AccountAdministration(new SessionServices(vertx.eventBus(), nodes)),
                        new NodeRoll(vertx.eventBus(), nodes),
                        new MetricsPage(vertx, around.metrics()),
                        token))
                .listen()
                .onSuccess(server -> actualPort = server.actualPort())
                // Or it would go on looking for a Redis that ends with this start.
                .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
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
