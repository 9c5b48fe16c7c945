package io.pesan.node;

import io.pesan.contract.bus.Announcement;
import io.pesan.contract.bus.GatewayNotices;
import io.pesan.contract.bus.PresenceBoard;
import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.proto.Presence;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What other nodes know of this one: it makes the node's services reachable and shows that they are there, until it takes
 * leave. Owned by the node's event loop.
 */
final class NodePresence {

    /** Until everybody has heard that this node leaves, and what they sent before has arrived; milliseconds. */
    private static final long HEARING_MILLIS = 300;

    private final Vertx vertx;
    private final PresenceBoard board;
    private final List<Route<?, ?>> routes;
    private final Presence presence;
    private final List<Announcement> announcements = new ArrayList<>();
    private long timer;

    /** @param routes that workers of this node serve */
    NodePresence(Vertx vertx, String nodeId, List<Route<?, ?>> routes) {
        this.vertx = vertx;
        this.board = new PresenceBoard(vertx.eventBus());
        this.routes = routes;
        this.presence = Presence.newBuilder()
                .setNodeId(nodeId)
                .addAllRoutes(routes.stream().map(Route::address).toList())
                .build();
    }

    /** Succeeds when every node can reach this one's services. */
    Future<Void> begin() {
        for (Route<?, ?> route : routes) {
            announcements.add(route.announce(vertx.eventBus(), presence.getNodeId()));
        }
        return Future.all(announcements.stream().map(Announcement::completion).toList())
                // These stay until the event bus goes: what is on its way to them at the end is ours.
                .compose(visible -> board.relay().completion())
                .compose(visible -> new GatewayNotices(vertx.eventBus())
                        .relay(presence.getNodeId())
                        .completion())
                .onSuccess(visible -> {
                    board.show(presence);
                    timer = vertx.setPeriodic(PresenceBoard.INTERVAL_MILLIS, tick -> board.show(presence));
                })
                .mapEmpty();
    }

    /** Tells the others to go elsewhere. What they have sent until they hear it is still to be answered. */
    Future<Void> leave() {
        vertx.cancelTimer(timer);
        board.show(presence.toBuilder().setLeaving(true).build());
        Future<Void> heard = vertx.isClustered() && !announcements.isEmpty()
                ? vertx.timer(HEARING_MILLIS, TimeUnit.MILLISECONDS)
                : Future.succeededFuture();
        return heard.compose(over -> Future.join(announcements.stream()
                        .map(announcement -> announcement.withdraw().get())
                        .toList()))
                .mapEmpty();
    }
}
