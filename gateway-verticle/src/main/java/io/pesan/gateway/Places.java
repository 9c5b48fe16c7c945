package io.pesan.gateway;

import com.google.protobuf.Message;
import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.ServiceNodes;
import io.pesan.contract.bus.proto.Presence;
import io.pesan.gateway.GatewayMetrics.RequestOutcome;
import io.pesan.gateway.GatewayMetrics.RouteMetrics;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one event loop's gateway may have one route's requests answered: by this node's workers first, by another live
 * node if those fail or there are none. Among other nodes the less loaded of two random ones is taken, so that a slow
 * node is used less and never by everybody at once. As large as the cluster.
 */
final class Places<Q extends Message, R extends Message> {

    private static final Logger LOG = LoggerFactory.getLogger(Places.class);

    private final Route<Q, R> route;
    private final EventBus bus;
    private final String ownNodeId;
    private final Random random;
    private final RouteMetrics metrics;
    private final Place here = new Place(null);
    /** Other nodes that have shown themselves lately. */
    private List<Place> elsewhere = List.of();

    private final List<Runnable> waiting = new ArrayList<>();
    private boolean mayCome;
    private boolean offered;
    private long offeredNanos;

    /** @param mayCome whether there may be other nodes; if not, there are once one was seen */
    Places(Route<Q, R> route, EventBus bus, String ownNodeId, boolean mayCome, Random random, RouteMetrics metrics) {
        this.metrics = metrics;
        this.route = route;
        this.bus = bus;
        this.ownNodeId = ownNodeId;
        this.mayCome = mayCome;
        this.random = random;
    }

    Route<Q, R> route() {
        return route;
    }

    RouteMetrics metrics() {
        return metrics;
    }

    // ---- what there is -------------------------------------------------------------------------------------------

    /** A node, this one included, has shown what it offers. */
    void see(Presence presence, long nowNanos) {
        mayCome = true;
        if (!presence.getLeaving() && presence.getRoutesList().contains(route.address())) {
            offered = true;
            offeredNanos = nowNanos;
        }
    }

    /** Whether some node, this one included, has shown lately that it offers the route. */
    boolean isOffered(long nowNanos) {
        return offered && nowNanos - offeredNanos <= ServiceNodes.FORGOTTEN_AFTER.toNanos();
    }

    /** Whether it makes sense to wait while nobody is there: not where nodes don't show themselves at all. */
    boolean mayCome() {
        return mayCome;
    }

    /** Looks at who is there now, and lets those who wait for somebody look again. */
    void refresh(ServiceNodes nodes, long nowNanos) {
        List<Place> live = new ArrayList<>();
        for (String nodeId : nodes.offering(route, nowNanos)) {
            if (!nodeId.equals(ownNodeId)) {
                live.add(find(nodeId));
            }
        }
        elsewhere = live;
        if (!waiting.isEmpty()) {
            List<Runnable> awake = List.copyOf(waiting);
            waiting.clear();
            awake.forEach(Runnable::run);
        }
    }

    private Place find(String nodeId) {
        for (Place place : elsewhere) {
            if (nodeId.equals(place.nodeId())) {
                return place;
            }
        }
        return new Place(nodeId);
    }

    /** Calls back once somebody may have come, about ten times a second. As many wait as have requests under way. */
    void await(Runnable look) {
        waiting.add(look);
    }

    // ---- choosing ------------------------------------------------------------------------------------------------

    /**
     * The best place now. One that rests is taken only if all do.
     *
     * @param except places that are out of the question
     * @return null if there is none
     */
    @Nullable Place choose(Collection<Place> except, long nowNanos) {
        boolean hereToo = !except.contains(here);
        if (hereToo && !here.isResting(nowNanos)) {
            return here;
        }
        List<Place> rested = new ArrayList<>();
        List<Place> resting = new ArrayList<>();
        for (Place place : elsewhere) {
            if (!except.contains(place)) {
                (place.isResting(nowNanos) ? resting : rested).add(place);
            }
        }
        if (!rested.isEmpty()) {
            return lessLoadedOfTwo(rested, nowNanos);
        }
        if (hereToo) {
            return here;
        }
        return resting.isEmpty() ? null : lessLoadedOfTwo(resting, nowNanos);
    }

    private Place lessLoadedOfTwo(List<Place> places, long nowNanos) {
        int first = random.nextInt(places.size());
        if (places.size() == 1) {
            return places.get(first);
        }
        // Of the others: neither a place twice nor one of them more often than another.
        int second = (first + 1 + random.nextInt(places.size() - 1)) % places.size();
        Place one = places.get(first);
        Place other = places.get(second);
        double usual = one.hasFared() && other.hasFared() ? 0 : usualNanos();
        return one.load(usual, nowNanos) <= other.load(usual, nowNanos) ? one : other;
    }

    /** Mean latency of the other nodes. With none of its own a node that has just come would get all requests of a moment. */
    private double usualNanos() {
        return elsewhere.stream()
                .filter(Place::hasFared)
                .mapToDouble(Place::latencyNanos)
                .average()
                .orElse(0);
    }

    /** Whether another node than this place could take over at once. */
    boolean hasElsewhere(Place than, long nowNanos) {
        for (Place place : elsewhere) {
            if (place != than && !place.isResting(nowNanos)) {
                return true;
            }
        }
        return false;
    }

    // ---- asking --------------------------------------------------------------------------------------------------

    /** Sends one request to one place, and remembers how it fared. Fails as {@link Route#request}. */
    Future<R> request(Place place, Q request, Duration patience) {
        long sent = System.nanoTime();
        place.asked();
        metrics.asked();
        String nodeId = place.nodeId();
        Future<R> reply = nodeId == null
                ? route.requestHere(bus, request, patience)
                : route.requestAt(bus, nodeId, request, patience);
        return reply.onComplete((answer, failure) -> settle(place, sent, failure));
    }

    private static RequestOutcome outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return RequestOutcome.OK;
        } else if (Route.isNotBegun(failure)) {
            return RequestOutcome.NOT_BEGUN;
        }
        return Errand.isUnanswered(failure) ? RequestOutcome.TIMEOUT : RequestOutcome.FAILED;
    }

    private void settle(Place place, long sentNanos, @Nullable Throwable failure) {
        long now = System.nanoTime();
        metrics.settled(outcome(failure), now - sentNanos);
        if (failure == null) {
            place.answered(now - sentNanos, now);
        } else if (Route.isNotBegun(failure)) {
            place.notBegun(now);
        } else if (place.failed(now - sentNanos, now)) {
            LOG.atInfo()
                    .addKeyValue("route", route.address())
                    // Not nodeId: that is, on every line, the node that writes it.
                    .addKeyValue("node", place.nodeId() == null ? ownNodeId : place.nodeId())
                    .addKeyValue("failure", String.valueOf(failure))
                    .log("a service gave no answer and is left alone for a while");
        }
    }
}
