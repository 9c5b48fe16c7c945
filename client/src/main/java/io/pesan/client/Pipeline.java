package io.pesan.client;

import io.pesan.client.ClientException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Matches replies to requests: the oldest request is the one that is answered. Events, which answer none, are passed on in
 * their place among the replies. Everything but counting happens on the
 * connection's event loop. A request that timed out keeps its place until its answer comes, so that the others' are
 * not mistaken for it.
 */
final class Pipeline {

    private final Vertx vertx;
    private final Context context;
    private final NetSocket socket;
    private final ClientOptions options;
    private final Consumer<Event> events;
    private final ReplyFramer framer;
    private final Deque<Call<?>> calls = new ArrayDeque<>();
    /** Calls that were accepted and aren't answered; at most {@link ClientOptions#maxOutstanding}. */
    private final AtomicInteger outstanding = new AtomicInteger();

    private final Promise<Void> closed = Promise.promise();
    private @Nullable ClientException end;

    private record Call<T>(@Nullable String tag, Function<Reply, T> value, Promise<Outcome<T>> promise, long timer) {

        /** Reads the answer; what is returned hands it over. */
        Runnable read(Reply reply) {
            if (tag != null && !tag.equals(reply.tag())) {
                throw new MalformedReplyException("a reply with another request's tag", null);
            }
            Outcome<T> outcome = reply.outcome(value);
            return () -> promise.tryComplete(outcome);
        }
    }

    /**
     * To be made on the socket's context.
     *
     * @param events takes what is no reply, or throws {@link MalformedReplyException}
     */
    Pipeline(Vertx vertx, Context context, NetSocket socket, ClientOptions options, Consumer<Event> events) {
        this.vertx = vertx;
        this.context = context;
        this.socket = socket;
        this.options = options;
        this.events = events;
        this.framer = new ReplyFramer(options.maxReplyBytes());
        socket.handler(this::received);
        socket.exceptionHandler(failure -> end(new ClientException(
                Reason.CONNECTION_LOST, "the connection was lost: " + failure.getMessage(), failure)));
        socket.closeHandler(nothing -> end(new ClientException(Reason.CONNECTION_LOST, "the connection was closed")));
    }

    /** Completes when the connection is gone, for whatever reason. */
    Future<Void> closed() {
        return closed.future();
    }

    /** Writes a request, and reads its answer's value in this way. */
    <T> Future<Outcome<T>> call(Request request, Function<Reply, T> value) {
        Buffer line = Buffer.buffer(request.bytes());
        if (outstanding.incrementAndGet() > options.maxOutstanding()) {
            outstanding.decrementAndGet();
            return Future.failedFuture(new ClientException(
                    Reason.TOO_MANY_OUTSTANDING, options.maxOutstanding() + " answers are missing already"));
        }
        Promise<Outcome<T>> promise = Promise.promise();
        onContext(() -> write(line, request.tag(), value, promise));
        return promise.future();
    }

    private void onContext(Runnable action) {
        if (Vertx.currentContext() == context) {
            action.run();
        } else {
            context.runOnContext(nothing -> action.run());
        }
    }

    private <T> void write(Buffer line, @Nullable String tag, Function<Reply, T> value, Promise<Outcome<T>> promise) {
        if (end != null) {
            outstanding.decrementAndGet();
            promise.fail(end);
            return;
        }
        Duration timeout = options.timeout();
        long timer = vertx.setTimer(
                timeout.toMillis(),
                expired -> promise.tryFail(
                        new ClientException(Reason.TIMED_OUT, "no answer within " + timeout.toMillis() + " ms")));
        calls.add(new Call<>(tag, value, promise, timer));
        // A failed write closes the socket, and that fails the call.
        socket.write(line)
                .onFailure(failure -> end(new ClientException(
                        Reason.CONNECTION_LOST, "the connection was lost: " + failure.getMessage(), failure)));
    }

    private void received(Buffer chunk) {
        try {
            if (!framer.feed(chunk, this::read)) {
                violated(new MalformedReplyException(
                        "a reply of more than " + options.maxReplyBytes() + " bytes", null));
            }
        } catch (MalformedReplyException malformed) {
            violated(malformed);
        }
    }

    private void read(byte[] bytes) {
        if (end != null) {
            // Whoever closed the connection in a call before wants nothing more of it.
            return;
        }
        Frame frame = Frame.parse(bytes);
        if (frame instanceof Event event) {
            events.accept(event);
        } else if (frame instanceof Reply reply) {
            answered(reply);
        }
    }

    private void answered(Reply reply) {
        Call<?> call = calls.peek();
        if (call == null) {
            throw new MalformedReplyException("a reply that nothing had asked for", null);
        }
        Runnable handOver = call.read(reply);
        calls.remove();
        outstanding.decrementAndGet();
        vertx.cancelTimer(call.timer());
        // Last, as whoever gets the answer may call again, or close.
        handOver.run();
    }

    private void violated(MalformedReplyException malformed) {
        end(new ClientException(Reason.PROTOCOL_VIOLATION, "the server sent " + malformed.getMessage(), malformed));
    }

    /** The one end of a connection: closes the socket and fails what is not answered. */
    private void end(ClientException reason) {
        if (end != null) {
            return;
        }
        end = reason;
        for (Call<?> call : calls) {
            vertx.cancelTimer(call.timer());
            call.promise().tryFail(reason);
        }
        outstanding.addAndGet(-calls.size());
        calls.clear();
        socket.close().onComplete(gone -> closed.complete());
    }

    /** Closes the connection in good order; calls that aren't answered fail. */
    void close() {
        onContext(() -> end(new ClientException(Reason.CONNECTION_LOST, "this client was closed")));
    }

    /** Resets the connection, as a client does that is killed with answers unread. */
    void reset() {
        onContext(() -> {
            LingeringSocket.resetOnClose(socket);
            end(new ClientException(Reason.CONNECTION_LOST, "this client was reset"));
        });
    }
}
