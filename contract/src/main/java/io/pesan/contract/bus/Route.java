package io.pesan.contract.bus;

import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service's way in: its address, what goes in and what comes out, and how long a caller waits at most.
 *
 * <p>Each node that offers the service has one clustered consumer ({@link #announce}), which other nodes reach, and any
 * number of local workers ({@link #serve}), among which the node spreads the work. A caller takes a worker of its own
 * node first; a look-up in the cluster happens only if there is none.
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

    /**
     * Sends one request to a worker of this node, or to another node's if this node has none.
     *
     * @param patience how long to wait, at most {@link #timeout}; at least one millisecond
     * @return the reply; fails if there is no worker, or it failed, or did not answer in time (outcome unknown)
     */
    public Future<R> request(EventBus bus, Q request, Duration patience) {
        long millis = Math.max(1, Math.min(patience.toMillis(), timeout.toMillis()));
        return bus.<R>request(localAddress(), request, options(millis).setLocalOnly(true))
                .recover(failure -> isNoHandlers(failure)
                        ? bus.request(address, request, options(millis))
                        : Future.failedFuture(failure))
                .map(io.vertx.core.eventbus.Message::body);
    }

    /** Adds a worker of this node. Its handler runs on the context that called this method. */
    public MessageConsumer<Q> serve(EventBus bus, Function<Q, Future<R>> worker) {
        return bus.localConsumer(localAddress(), message -> answer(message, worker));
    }

    /** Makes this node's workers reachable from other nodes. Once per node. */
    public Announcement announce(EventBus bus) {
        MessageConsumer<Q> consumer = bus.consumer(
                address,
                message -> answer(
                        message,
                        request -> bus.<R>request(
                                        localAddress(),
                                        request,
                                        options(timeout.toMillis()).setLocalOnly(true))
                                .map(io.vertx.core.eventbus.Message::body)));
        return new Announcement(consumer.completion(), consumer::unregister);
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
        reply.onComplete(message::reply, failure -> message.fail(SERVICE_FAILED, String.valueOf(failure)));
    }

    private String localAddress() {
        return address + ".local";
    }

    private static DeliveryOptions options(long millis) {
        return new DeliveryOptions().setSendTimeout(millis);
    }

    private static boolean isNoHandlers(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }
}
