package io.pesan.client;

import io.pesan.contract.protocol.MessageId;
import io.vertx.core.Context;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who listens on a connection, and how far it has heard: what isn't later than that is dropped, so that nobody hears a
 * message twice. Belongs to the connection's event loop.
 */
final class Subscription implements Consumer<Event> {

    private final Context context;
    private boolean asked;
    private @Nullable Listener listener;
    private @Nullable MessageId last;

    Subscription(Context context) {
        this.context = context;
    }

    /** To be called when the server's OK is read: what it pushed before was meant for the listener before. */
    void begin(@Nullable MessageId after, Listener next) {
        asked = true;
        listener = next;
        last = after;
    }

    void end() {
        listener = null;
    }

    /** @throws MalformedReplyException if nobody has ever asked for it */
    @Override
    public void accept(Event event) {
        if (event instanceof Event.Unknown) {
            return;
        }
        if (!asked) {
            throw new MalformedReplyException("an event that nothing had asked for", null);
        }
        Listener current = listener;
        if (current == null) {
            return;
        }
        if (event instanceof Event.Leaving leaving) {
            safely(() -> current.closing(leaving.closing()));
        } else if (event instanceof Event.Pushed pushed
                && isLater(pushed.message().id())) {
            last = pushed.message().id();
            safely(() -> current.message(pushed.message()));
        }
    }

    private boolean isLater(MessageId id) {
        return last == null || id.compareTo(last) > 0;
    }

    /** A listener's bug is reported where all are, and does not take along what was received behind this frame. */
    private void safely(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException bug) {
            context.runOnContext(nothing -> {
                throw bug;
            });
        }
    }
}
