package io.pesan.node.cluster;

import com.hazelcast.cluster.Member;
import io.pesan.node.cluster.Hearing.Fault;
import io.pesan.node.config.Hosts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a node can't be reached on the event bus: connects as the bus does, with its certificates, to where that
 * node's bus is said to be. Blocks; not for an event loop.
 */
final class BusProbe {

    private static final long ANSWER_MILLIS = 2_000;
    /** With TLS 1.3 who is refused learns of it only after the handshake. */
    private static final long REFUSAL_MILLIS = 500;

    private static final String TLS = " (cluster.tls.*)";
    private static final String PORT =
            " (cluster.bus-port, cluster.public-host, cluster.public-bus-port, or a firewall)";

    /** What epoll puts before the reason. */
    private static final Pattern SYSTEM_CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    private final Vertx vertx;
    private final HazelcastClusterManager manager;
    private final boolean tls;

    /** @param tls whether this node's bus speaks it */
    BusProbe(Vertx vertx, HazelcastClusterManager manager, boolean tls) {
        this.vertx = vertx;
        this.manager = manager;
        this.tls = tls;
    }

    /**
     * What was found.
     *
     * @param address where the other node's bus is said to be
     * @param reason one line that names the keys
     */
    record Finding(String address, String reason) {}

    Finding find(Member member, Fault fault) throws InterruptedException {
        NodeInfo bus = busOf(member);
        if (bus == null) {
            return new Finding("unknown", "it has not said yet where its event bus is");
        }
        return new Finding(shown(bus), reason(member, bus, fault));
    }

    private String reason(Member member, NodeInfo bus, Fault fault) throws InterruptedException {
        String theirTls = member.getAttribute(HazelcastConfig.BUS_TLS);
        if (theirTls != null && Boolean.parseBoolean(theirTls) != tls) {
            return tls
                    ? "its event bus does not speak TLS, and this node's does" + TLS
                    : "its event bus speaks TLS, and this node's does not" + TLS;
        }
        String failure = failure(bus);
        if (failure != null) {
            return "can't connect to it: " + failure;
        } else if (fault == Fault.DOES_NOT_HEAR) {
            return "something takes connections at its address, but passes nothing on to it" + PORT;
        }
        NodeInfo own = manager.getNodeInfo();
        String ownFailure = failure(own);
        if (ownFailure != null) {
            return "the others are told that this node's event bus is at " + shown(own)
                    + ", where this node itself can't connect: " + ownFailure;
        }
        return "it takes connections, but hangs, or can't connect to this node's event bus at " + shown(own) + PORT;
    }

    /** Null: a connection is made, and stays. */
    private @Nullable String failure(NodeInfo bus) throws InterruptedException {
        Future<NetSocket> connecting = BusSockets.of(vertx).client().connect(bus.port(), bus.host());
        try {
            boolean stays = await(connecting.compose(
                    socket -> tls ? stays(socket) : socket.close().map(true)));
            return stays ? null : "it does not accept this node's certificate" + TLS;
        } catch (TimeoutException silence) {
            connecting.onSuccess(NetSocket::close);
            return "no answer within " + ANSWER_MILLIS + " ms" + PORT;
        } catch (ExecutionException failed) {
            return explain(failed);
        }
    }

    private static Future<Boolean> stays(NetSocket socket) {
        Promise<Void> closed = Promise.promise();
        socket.exceptionHandler(refused -> closed.tryComplete());
        socket.closeHandler(gone -> closed.tryComplete());
        return closed.future()
                .timeout(REFUSAL_MILLIS, TimeUnit.MILLISECONDS)
                .transform(over -> socket.close().transform(gone -> Future.succeededFuture(over.failed())));
    }

    private static String explain(Throwable failure) {
        Throwable root = failure;
        boolean ofTls = false;
        while (root.getCause() != null) {
            root = root.getCause();
            ofTls |= root instanceof SSLException || root instanceof GeneralSecurityException;
        }
        String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        return SYSTEM_CALL.matcher(message).replaceFirst("") + (ofTls ? TLS : PORT);
    }

    private @Nullable NodeInfo busOf(Member member) throws InterruptedException {
        Promise<NodeInfo> told = Promise.promise();
        manager.getNodeInfo(member.getAttribute(HazelcastConfig.VERTX_NODE_ID), told);
        try {
            return await(told.future());
        } catch (ExecutionException | TimeoutException untold) {
            return null;
        }
    }

    private static <T> T await(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static String shown(NodeInfo bus) {
        return Hosts.inUrl(bus.host()) + ":" + bus.port();
    }
}
