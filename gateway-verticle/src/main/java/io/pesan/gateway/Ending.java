package io.pesan.gateway;

import io.pesan.gateway.GatewayMetrics.CloseReason;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How one connection comes to its end: whether it still listens to its client, when it is closed, and in which way. The
 * only place from which a connection that was accepted is closed.
 */
final class Ending {

    private enum Phase {
        /** Reads and answers. */
        SERVING,
        /** Reads no more; what was asked is answered, then the connection is closed. */
        FINISHING,
        /** Everything is said; what the client still sends is discarded until it closes, so that it can read the rest. */
        LINGERING,
        /** Handed to the transport to be closed. */
        CLOSING,
        CLOSED
    }

    /** A client that is told goodbye has this long to read it. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final GatewayTimeouts timeouts;
    private final ClientSocket socket;
    private final Conversation conversation;
    private final Deliveries deliveries;
    private final Events events;
    private final ConnectionClock clock;
    private final BooleanSupplier owesNothing;

    private Phase phase = Phase.SERVING;
    private boolean inputEnded;
    /** Whether what the client says is no longer heard: it said goodbye, or something too long. */
    private boolean deaf;
    /** Whether it had nothing left to say when its drain last looked. */
    private boolean quiet;

    /** Null while nothing has ended it. */
    private @Nullable CloseReason reason;

    /**
     * @param owesNothing whether everything heard is answered, and written
     */
    Ending(
            GatewayTimeouts timeouts,
            ClientSocket socket,
            Conversation conversation,
            Deliveries deliveries,
            Events events,
            ConnectionClock clock,
            BooleanSupplier owesNothing) {
        this.timeouts = timeouts;
        this.socket = socket;
        this.conversation = conversation;
        this.deliveries = deliveries;
        this.events = events;
        this.clock = clock;
        this.owesNothing = owesNothing;
    }

    boolean isDeaf() {
        return deaf;
    }

    /** Whether nothing more is answered. */
    boolean isOver() {
        return phase == Phase.CLOSING || phase == Phase.CLOSED;
    }

    boolean isServing() {
        return phase == Phase.SERVING;
    }

    boolean isFinishing() {
        return phase == Phase.FINISHING;
    }

    /** Why the connection is gone; what nobody has a reason for has broken. */
    CloseReason reason() {
        return reason == null ? CloseReason.RESET : reason;
    }

    private void because(CloseReason cause) {
        if (reason == null) {
            reason = cause;
        }
    }

    // ---- what happens ----------------------------------------------------------------------------------------------

    /** The client has ended its input. Says whether that may have been the last thing to wait for. */
    boolean inputEnded() {
        inputEnded = true;
        because(CloseReason.CLIENT);
        if (phase == Phase.LINGERING) {
            closeInOrder();
        } else if (phase == Phase.SERVING) {
            phase = Phase.FINISHING;
            return true;
        }
        return false;
    }

    /** The connection is gone. */
    void closed() {
        phase = Phase.CLOSED;
        deaf = true;
        deliveries.giveBack();
    }

    /** The server wants the connection closed within its drain time. */
    void draining() {
        clock.drain(timeouts.drain(), conversation.isExtended());
    }

    /**
     * Looks at the clock; about twice a second.
     *
     * @param reading whether the socket is being read
     * @param cutOff whether the client reads too slowly to be waited for
     */
    void tick(long nowNanos, boolean reading, boolean cutOff) {
        if (isOver()) {
            return;
        }
        if (phase == Phase.LINGERING) {
            if (clock.lingeredEnough(nowNanos)) {
                closeInOrder();
            }
        } else if (cutOff) {
            reset(CloseReason.SLOW_READER);
        } else if (isHangingOn(nowNanos)) {
            reset(CloseReason.FIRST_AUTH_TIMEOUT);
        } else if (inputEnded && socket.delivery() == ClientSocket.Delivery.BROKEN) {
            reset(CloseReason.RESET);
        } else if (clock.isDrainDue(nowNanos)) {
            drain();
        } else if (reading && owesNothing.getAsBoolean()) {
            CloseReason due = timedOut(nowNanos);
            if (due != null) {
                leave(due);
            }
        }
    }

    /** Shown no session for longer than it may, and as long again as a client may take to read, if there is a limit: it is not waited for. */
    private boolean isHangingOn(long nowNanos) {
        return !conversation.isSessionProven()
                && !timeouts.firstAuth().isZero()
                && !timeouts.write().isZero()
                && clock.isOlderThan(nowNanos, timeouts.firstAuth().plus(timeouts.write()));
    }

    private @Nullable CloseReason timedOut(long nowNanos) {
        if (clock.isIdle(nowNanos, conversation.isExtended() ? timeouts.idle() : timeouts.legacyIdle())) {
            return CloseReason.IDLE;
        } else if (clock.isMidLineFor(nowNanos, timeouts.line())) {
            return CloseReason.LINE_TIMEOUT;
        }
        boolean unproven = !conversation.isSessionProven() && clock.isOlderThan(nowNanos, timeouts.firstAuth());
        return unproven ? CloseReason.FIRST_AUTH_TIMEOUT : null;
    }

    // ---- ways to end -----------------------------------------------------------------------------------------------

    /** Hears no more; closes when everything is answered. */
    void finish(CloseReason cause) {
        because(cause);
        deaf = true;
        if (phase == Phase.SERVING) {
            phase = Phase.FINISHING;
        }
    }

    /** Closes once everything is answered and written, and what was handed over is settled. */
    void finishIfDone() {
        if (phase != Phase.FINISHING || !owesNothing.getAsBoolean() || !deliveries.isSettled()) {
            return;
        }
        if (inputEnded) {
            closeInOrder();
        } else {
            // Closing with the client's bytes unread would reset the connection, and take the last reply with it.
            phase = Phase.LINGERING;
            clock.linger(LINGER_NANOS);
            socket.endOutput();
        }
    }

    /** Closes at once; the client sees an error. */
    void reset(CloseReason cause) {
        because(cause);
        phase = Phase.CLOSING;
        deliveries.giveBack();
        socket.reset();
    }

    private void closeInOrder() {
        phase = Phase.CLOSING;
        socket.close();
    }

    /** Lets go of the client as soon as what it has asked for is answered; whatever else it says is not heard. */
    private void drain() {
        events.drain();
        boolean owesNothing = this.owesNothing.getAsBoolean();
        if (endsInOrder()) {
            if (owesNothing) {
                leave(CloseReason.DRAIN);
            } else {
                finish(CloseReason.DRAIN);
            }
            return;
        }
        deaf = true;
        if (owesNothing && socket.delivery() != ClientSocket.Delivery.PENDING) {
            // In a proxy before the client a reset would overtake the reply that has just come: not before the clock's
            // next step.
            if (quiet) {
                leave(CloseReason.DRAIN);
            }
            quiet = true;
        }
    }

    /**
     * Closes a connection that is owed nothing. The first deployed clients spin when they see an orderly end that they
     * did not ask for, and report a reset: they get one.
     */
    private void leave(CloseReason cause) {
        deliveries.giveBack();
        if (endsInOrder()) {
            finish(cause);
            finishIfDone();
        } else {
            reset(cause);
        }
    }

    private boolean endsInOrder() {
        return conversation.isExtended() || phase != Phase.SERVING;
    }
}
