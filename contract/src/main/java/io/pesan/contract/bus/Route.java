package io.pesan.contract.bus;

import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service's way in: its address, what goes in and what comes out, and how long a caller waits at most.
 *
 * <p>Each node that offers the service has any number of local workers ({@link #serve}), among which the node spreads the
 * work, and makes them reachable from other nodes ({@link #announce}) at two addresses: the route's own, where any node
 * may answer, and one for this node alone, for callers that choose ({@link ServiceNodes} knows among whom).
 *
 * @param address the clustered address
 * @param requestType what is sent
 * @param replyType what is answered
 * @param timeout the longest a caller waits before the outcome counts as unknown
 */
public record Route<Q extends Message, R extends Message>(
        String address, Class<Q> requestType, Class<R> replyType, Duration timeout) {

    private static final Logger LOG = LoggerFactory.getLogger(Route.class);

    /** Failure code of a reply to a request that a service could not process; the outcome is unknown. */
    private static final int SERVICE_FAILED = 500;

    /** Failure code of a reply to a request that a service did not begin to process. */
    private static final int NOT_BEGUN = 503;

    /**
     * Sends one request to a worker of this node, or to any other node's if this node has none.
     *
     * @param patience how long to wait, at most {@link #timeout}; at least one millisecond
     * @return the reply; fails if there is no worker, or it failed, or did not answer in time (outcome unknown)
     */
    public Future<R> request(EventBus bus, Q request, Duration patience) {
        return requestHere(bus, request, patience)
                .recover(failure -> isNotBegun(failure)
                        ? Route.<Q, R>send(bus, address, request, options(patience))
                        : Future.failedFuture(failure));
    }

    /** Sends one request to a worker of this node. Fails as {@link #request}; with {@link #isNotBegun} if there is none. */
    public Future<R> requestHere(EventBus bus, Q request, Duration patience) {
        return send(bus, localAddress(), request, options(patience).setLocalOnly(true));
    }

    /** Sends one request to the workers of one node. Fails as {@link #request}. */
    public Future<R> requestAt(EventBus bus, String nodeId, Q request, Duration patience) {
        return send(bus, addressAt(nodeId), request, options(patience));
    }

    /**
     * Whether a request that failed so has had no effect and will have none: nobody was there to take it, or who took it
     * did not begin. It may be sent elsewhere whatever it asks for.
     */
    public static boolean isNotBegun(Throwable failure) {
        return failure instanceof ReplyException reply
                && (reply.failureType() == ReplyFailure.NO_HANDLERS
                        || (reply.failureType() == ReplyFailure.RECIPIENT_FAILURE && reply.failureCode() == NOT_BEGUN));
    }

    /**
     * Adds a worker of this node. Its handler runs on the context that called this method.
     *
     * @param worker its future fails with {@link NotBegunException} where the request has had no effect and will have
     *     none; any other failure leaves the outcome unknown
     */
    public MessageConsumer<Q> serve(EventBus bus, Function<Q, Future<R>> worker) {
        return bus.localConsumer(localAddress(), message -> answer(message, worker));
    }

    /** Makes this node's workers reachable from other nodes. Once per node. */
    public Announcement announce(EventBus bus, String nodeId) {
        MessageConsumer<Q> any = bus.consumer(address, message -> answer(message, request -> passOn(bus, request)));
        MessageConsumer<Q> own =
                bus.consumer(addressAt(nodeId), message -> answer(message, request -> passOn(bus, request)));
        return new Announcement(
                Future.all(any.completion(), own.completion()).mapEmpty(),
                () -> Future.join(any.unregister(), own.unregister()).mapEmpty());
    }

    private Future<R> passOn(EventBus bus, Q request) {
        return requestHere(bus, request, timeout)
                .recover(failure ->
                        Future.failedFuture(isNotBegun(failure) ? new NotBegunException("no worker") : failure));
    }

    private static <Q, R> Future<R> send(EventBus bus, String address, Q request, DeliveryOptions options) {
        long sentNanos = System.nanoTime();
        return bus.<R>request(address, request, options)
                .map(io.vertx.core.eventbus.Message::body)
                .recover(failure -> Future.failedFuture(
                        wasLeftBehind(failure, sentNanos, options.getSendTimeout())
                                ? new ReplyException(ReplyFailure.RECIPIENT_FAILURE, NOT_BEGUN, "its worker left")
                                : failure));
    }

    /** A consumer that goes with requests in its queue lets them fail as timed out, at once: it has not begun them. */
    private static boolean wasLeftBehind(Throwable failure, long sentNanos, long patienceMillis) {
        return failure instanceof ReplyException reply
                && reply.failureType() == ReplyFailure.TIMEOUT
                && System.nanoTime() - sentNanos < TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    private void answer(io.vertx.core.eventbus.Message<Q> message, Function<Q, Future<R>> worker) {
        Future<R> reply;
        try {
            reply = worker.apply(message.body());
        } catch (RuntimeException bug) {
            // Vert.x keeps what a consumer throws to itself.
            LOG.atError().addKeyValue("route", address).setCause(bug).log("a worker threw");
            message.fail(SERVICE_FAILED, bug.toString());
            return;
        }
        reply.onComplete(
                message::reply,
                failure -> message.fail(
                        failure instanceof NotBegunException ? NOT_BEGUN : SERVICE_FAILED, String.valueOf(failure)));
    }

    /** Not what a node of any name has for its own: no name has a slash. */
    private String localAddress() {
        return address + "/local";
    }

    private String addressAt(String nodeId) {
        return address + "." + nodeId;
    }

    private DeliveryOptions options(Duration patience) {
        return new DeliveryOptions().setSendTimeout(Math.max(1, Math.min(patience.toMillis(), timeout.toMillis())));
    }
}
