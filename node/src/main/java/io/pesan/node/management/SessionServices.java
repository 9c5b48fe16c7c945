package io.pesan.node.management;

import com.google.protobuf.Message;
import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.ServiceNodes;
import io.pesan.contract.bus.proto.SessionBatch;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Asks session services: this node's own or, if it has none, one of a node that has shown itself lately. Nobody is asked a
 * second time once somebody has begun. Owned by the management verticle's event loop.
 */
final class SessionServices {

    private static final Duration CLOCK_PATIENCE = Duration.ofSeconds(1);

    private final EventBus bus;
    private final ServiceNodes nodes;

    SessionServices(EventBus bus, ServiceNodes nodes) {
        this.bus = bus;
        this.nodes = nodes;
    }

    /** Makes a request. */
    interface Load<Q> {
        /**
         * The request.
         *
         * @param deadlineMillis in Redis's clock: after it the request must not take effect any more, in milliseconds since 1970
         */
        Q until(long deadlineMillis);
    }

    /**
     * Asks for something that must not be done once nobody waits for it any more: the service may freeze with the request in
     * its hands.
     *
     * @return fails if nobody answered; it may have been done then, and will not be done later than the route's time-out
     */
    <Q extends Message, R extends Message> Future<R> ask(Route<Q, R> route, Load<Q> load) {
        return redisMillis()
                .compose(now ->
                        send(route, load.until(now + route.timeout().toMillis()), route.timeout(), others(route)));
    }

    private Future<Long> redisMillis() {
        return askTheTime(others(Routes.SESSION));
    }

    /** Goes on to the next node whatever happened: asking changes nothing. */
    private Future<Long> askTheTime(List<String> others) {
        Future<Long> here = Routes.SESSION
                .requestHere(bus, SessionBatch.getDefaultInstance(), CLOCK_PATIENCE)
                .map(reply -> reply.getRedisMs());
        return here.recover(failure -> askTheTime(others, failure));
    }

    private Future<Long> askTheTime(List<String> others, Throwable last) {
        if (others.isEmpty()) {
            return Future.failedFuture(last);
        }
        return Routes.SESSION
                .requestAt(bus, others.get(0), SessionBatch.getDefaultInstance(), CLOCK_PATIENCE)
                .map(reply -> reply.getRedisMs())
                .recover(failure -> askTheTime(others.subList(1, others.size()), failure));
    }

    private <Q extends Message, R extends Message> Future<R> send(
            Route<Q, R> route, Q request, Duration patience, List<String> others) {
        return route.requestHere(bus, request, patience)
                .recover(failure -> next(route, request, patience, others, failure));
    }

    private <Q extends Message, R extends Message> Future<R> next(
            Route<Q, R> route, Q request, Duration patience, List<String> others, Throwable last) {
        if (!Route.isNotBegun(last) || others.isEmpty()) {
            return Future.failedFuture(last);
        }
        return route.requestAt(bus, others.get(0), request, patience)
                .recover(failure -> next(route, request, patience, others.subList(1, others.size()), failure));
    }

    private List<String> others(Route<?, ?> route) {
        List<String> offering = new ArrayList<>(nodes.offering(route, System.nanoTime()));
        Collections.shuffle(offering);
        return offering;
    }
}
