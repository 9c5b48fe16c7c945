package io.pesan.node.cluster;

import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Event buses of nodes, and outsiders that send them forged frames. */
final class Buses {

    static final String ADDRESS = "treasure";
    /** Of the codec for no body at all, and of the wire format. */
    private static final byte NULL_CODEC = 0;

    private static final byte WIRE_VERSION = 2;

    private final List<AutoCloseable> open = new ArrayList<>();

    /** Sends a frame to the address. What it returns becomes true when the other end has closed the connection. */
    AtomicBoolean forge(int port, @Nullable ClientSSLOptions tls) throws Exception {
        Vertx outsider = Vertx.vertx();
        open.add(() -> get(outsider.close()));
        NetClient client = outsider.createNetClient(new NetClientOptions());
        // A client that nobody knows any more is closed, and its sockets with it.
        open.add(0, () -> get(client.close()));
        AtomicBoolean closed = new AtomicBoolean();
        var connecting = client.connect(port, "127.0.0.1");
        var socket = get(connecting);
        socket.closeHandler(gone -> closed.set(true));
        socket.exceptionHandler(broken -> closed.set(true));
        if (tls == null) {
            socket.write(frame()).onFailure(broken -> closed.set(true));
        } else {
            tls.setTrustAll(true).setHostnameVerificationAlgorithm("");
            socket.upgradeToSsl(tls).compose(secured -> socket.write(frame())).onFailure(refused -> closed.set(true));
        }
        return closed;
    }

    /** What one node sends to another: the message's properties, and no body. */
    private static Buffer frame() {
        Buffer message = Buffer.buffer()
                .appendByte(WIRE_VERSION)
                .appendByte(NULL_CODEC)
                .appendByte((byte) 0)
                .appendInt(ADDRESS.length())
                .appendString(ADDRESS)
                .appendInt(0)
                .appendInt(5)
                .appendString("forge")
                .appendInt(4);
        return Buffer.buffer().appendInt(message.length()).appendBuffer(message);
    }

    static void consume(Vertx vertx, AtomicInteger reached) throws Exception {
        get(vertx.eventBus()
                .consumer(ADDRESS, message -> {
                    reached.incrementAndGet();
                    message.reply(null);
                })
                .completion());
    }

    Vertx bus(String nodeId, int busPort, int membershipPort, String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "cluster.enabled=true",
                "node.roles=gateway",
                "node.id=" + nodeId,
                "cluster.bus-port=" + busPort,
                "cluster.port=" + membershipPort));
        all.addAll(List.of(more));
        Membership membership = Membership.join(Configuration.read(new ConfigSources(null, Map.of(), all), true));
        open.add(0, membership::leave);
        Vertx vertx = get(Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(membership.busOptions()))
                .withClusterManager(membership.clusterManager())
                .buildClustered());
        open.add(0, () -> get(vertx.close()));
        membership.followCertificates(vertx);
        return vertx;
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Closes all of them. */
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        open.clear();
    }
}
