package io.pesan.gateway;

import com.google.protobuf.Message;
import io.pesan.contract.bus.PresenceBoard;
import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.Presence;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/**
 * What another node looks like from a gateway: workers behind addresses of its own on the same bus, following a script,
 * and a sign of life twice a second.
 */
final class OtherNode {

    final ScriptedServices services = new ScriptedServices();
    private final Vertx vertx;
    private final Presence presence;
    private final PresenceBoard board;
    private long timer;

    /** Its first sign of life is seen before long. */
    OtherNode(Vertx vertx, String nodeId) {
        this.vertx = vertx;
        this.board = new PresenceBoard(vertx.eventBus());
        this.presence = Presence.newBuilder()
                .setNodeId(nodeId)
                .addRoutes(Routes.INBOX.address())
                .addRoutes(Routes.SESSION.address())
                .addRoutes(Routes.CREDENTIALS.address())
                .build();
        serve(Routes.INBOX, services::inbox);
        serve(Routes.SESSION, services::session);
        serve(Routes.CREDENTIALS, services::credentials);
        board.show(presence);
        timer = vertx.setPeriodic(PresenceBoard.INTERVAL_MILLIS, tick -> board.show(presence));
    }

    private <Q extends Message, R extends Message> void serve(Route<Q, R> route, Function<Q, Future<R>> worker) {
        // The node's own address, with workers that are not those of the node under test.
        Route<Q, R> own = new Route<>(
                route.address() + "." + presence.getNodeId(), route.requestType(), route.replyType(), route.timeout());
        own.serve(vertx.eventBus(), worker);
        own.announce(vertx.eventBus(), "unused");
    }

    /** Shows no more sign of life, but answers as before. */
    void fallSilent() {
        vertx.cancelTimer(timer);
    }

    void leave() {
        vertx.cancelTimer(timer);
        board.show(presence.toBuilder().setLeaving(true).build());
    }
}
