package io.pesan.node;

import io.pesan.contract.bus.Announcement;
import io.pesan.contract.bus.GatewayNotices;
import io.pesan.contract.bus.PresenceBoard;
import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.ServiceNodes;
import io.pesan.contract.bus.proto.Presence;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What other nodes know of this one: it makes the node's services reachable and shows that they are there, and which nodes it
 * hears, until it takes leave. Owned by the node's event loop.
 */
final class NodePresence {

    /** Until everybody has heard that this node leaves, and what they sent before has arrived; milliseconds. */
    private static final long HEARING_MILLIS = 300;

    private final Vertx vertx;
    private final PresenceBoard board;
    private final List<Route<?, ?>> routes;
    private final Presence presence;
    private final Consumer<Presence> shown;
    private final ServiceNodes heard = new ServiceNodes();
    private final List<Announcement> announcements = new ArrayList<>();
    private long timer;

    /**
     * @param routes that workers of this node serve
     * @param shown is told what nodes show, this one included
     */
    NodePresence(Vertx vertx, String nodeId, List<Route<?, ?>> routes, Consumer<Presence> shown) {
        this.vertx = vertx;
        this.board = new PresenceBoard(vertx.eventBus());
        this.routes = routes;
        this.shown = shown;
        this.presence = Presence.newBuilder()
                .setNodeId(nodeId)
                .addAllRoutes(routes.stream().map(Route::address).toList())
                .build();
    }

    /** Succeeds when every node can reach this one's services. */
    Future<Void> begin() {
        board.watch(this::see);
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
                    show();
                    timer = vertx.setPeriodic(PresenceBoard.INTERVAL_MILLIS, tick -> show());
                })
                .mapEmpty();
    }

    private void see(Presence seen) {
        heard.see(seen, System.nanoTime());
        shown.accept(seen);
    }

    private void show() {
        board.show(presence.toBuilder()
                .addAllHears(heard.all(System.nanoTime()).keySet())
                .build());
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
