package io.pesan.gateway;

import io.pesan.contract.bus.proto.Listening;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.ReplyBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What one connection is sent without having asked for just that: events, as long as it listens. */
final class Events implements Subscription.Client {

    /** Who is sent away comes back after a time in between, so that not all come at once. */
    private static final int MIN_RETRY_MILLIS = 100;

    private static final int MAX_RETRY_MILLIS = 2_000;

    private final Gateway gateway;
    private final ReplyWriter replies;
    private final BooleanSupplier serving;
    private final Runnable flush;
    private final Runnable finish;
    private @Nullable Subscription subscription;
    private @Nullable Farewell farewell;

    /**
     * The last event.
     *
     * @param retryMillis when to come back; 0: nothing is said of it
     */
    private record Farewell(String reason, int retryMillis) {}

    /**
     * @param serving whether the connection is not on its way to its end
     * @param flush sends what was written
     * @param finish closes the connection once everything is answered and said
     */
    Events(Gateway gateway, ReplyWriter replies, BooleanSupplier serving, Runnable flush, Runnable finish) {
        this.gateway = gateway;
        this.replies = replies;
        this.serving = serving;
        this.flush = flush;
        this.finish = finish;
    }

    /** Begins anew. See {@link Effects#listens}. */
    void listen(String session, MessageId after, Listening listening) {
        Subscription begun = new Subscription(
                gateway.listeners(), session, listening.getPage().getUsername(), after, this);
        gateway.listeners().add(begun);
        // After that: of the same user's inbox the gateway is told without a break.
        stop();
        subscription = begun;
        begun.begin(listening);
    }

    void stop() {
        Subscription last = subscription;
        if (last != null) {
            subscription = null;
            last.end();
            gateway.listeners().remove(last);
        }
    }

    /** The connection speaks for this user now. */
    void speaksFor(String username) {
        if (subscription != null && !subscription.username().equals(username)) {
            stop();
        }
    }

    /** The client has read something. */
    void ready() {
        if (subscription != null) {
            subscription.ready();
        }
    }

    /** The node is about to leave: a client that listens is told, once everything is answered. */
    void drain() {
        if (subscription != null) {
            stop();
            farewell = new Farewell("drain", ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS));
        }
    }

    /** Whether something is to be said before the connection is closed. */
    boolean owesFarewell() {
        return farewell != null;
    }

    /** Says it: nothing comes after it. */
    void sayFarewell() {
        Farewell due = farewell;
        if (due != null) {
            farewell = null;
            ReplyBuffer event = replies.buffer().open().text("event", "closing").text("reason", due.reason());
            if (due.retryMillis() > 0) {
                event.number("retry_after_ms", due.retryMillis());
            }
            event.close(null);
        }
    }

    @Override
    public boolean isReady() {
        return serving.getAsBoolean()
                && replies.pendingBytes() + replies.buffer().length()
                        < gateway.limits().maxPendingWriteBytes();
    }

    @Override
    public void write(StoredMessage message, String username) {
        MessageMembers.write(replies.buffer().open().text("event", "message"), message, username);
        replies.buffer().close(null);
        gateway.metrics().pushed();
    }

    @Override
    public void flush() {
        flush.run();
    }

    @Override
    public void sessionEnded() {
        stop();
        farewell = new Farewell("session", 0);
        finish.run();
    }
}
