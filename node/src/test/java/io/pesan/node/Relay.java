package io.pesan.node;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes connections on to a port of this machine, as an address translation does. Ends with its Vert.x. */
public final class Relay {

    private final NetClient client;
    private final int target;
    private final NetServer server;
    private final AtomicInteger connections = new AtomicInteger();

    private Relay(Vertx vertx, int target) {
        this.client = vertx.createNetClient();
        this.target = target;
        this.server = vertx.createNetServer();
    }

    static Relay open(Vertx vertx, int target) throws Exception {
        return open(vertx, "127.0.0.1", 0, target);
    }

    /**
     * Begins to pass connections on.
     *
     * @param port of that address, which it listens on; 0: any free one
     */
    public static Relay open(Vertx vertx, String host, int port, int target) throws Exception {
        Relay relay = new Relay(vertx, target);
        relay.server
                .connectHandler(relay::pass)
                .listen(port, host)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        return relay;
    }

    int port() {
        return server.actualPort();
    }

    int connections() {
        return connections.get();
    }

    private void pass(NetSocket near) {
        near.pause();
        client.connect(target, "127.0.0.1").onComplete(far -> {
            if (far.failed()) {
                near.close();
                return;
            }
            connections.incrementAndGet();
            near.pipeTo(far.result());
            far.result().pipeTo(near);
        });
    }
}
