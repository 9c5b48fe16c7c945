package io.pesan.gateway;

import io.pesan.contract.bus.proto.ConfirmHandover;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.ReleaseHandover;
import io.pesan.contract.bus.proto.RenewHandover;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery of one {@code inbox} reply, from the lease that its reading took until the messages are removed or the
 * lease is given back.
 *
 * <p>It is confirmed, which removes what was delivered, by the first of: a command whose first byte was read after the
 * whole reply had been written; the client's end of input after that; {@value #PATIENCE_MILLIS} ms with the connection
 * open after that, once the peer's TCP has acknowledged everything. Everything else confirms nothing: the lease is given
 * back, or lapses, and the messages are delivered again.
 */
final class Handover {

    /** How a hand-over reaches the inbox service: in its connection's order. */
    interface Settler {
        void settle(InboxCommand.Builder command, Consumer<InboxResult> completion);

        /** Names the connection in logs. */
        String connectionId();
    }

    private enum State {
        WRITING,
        WRITTEN,
        CONFIRMING,
        /** The confirmation got no answer and is tried again. */
        UNCONFIRMED,
        ENDED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    /** How long after the reply a client that says nothing counts as having received it. */
    private static final long PATIENCE_MILLIS = 5_000;

    static final long PATIENCE_NANOS = PATIENCE_MILLIS * 1_000_000;
    /** A third of the lease, so that one renewal may get lost. */
    private static final long RENEWAL_NANOS = 1_500_000_000L;

    private static final int MAX_CONFIRMATIONS = 10;
    /** No lane repeats a batch earlier. */
    private static final long REPEATED_AFTER_NANOS = BatchService.FIRST.hopeful() * 1_000_000L;

    private final String lease;
    private final String username;
    private final String lastId;
    private final Supplier<ClientSocket.Delivery> delivery;
    private final Settler settler;
    private final Runnable onEnd;

    private State state = State.WRITING;
    private long writtenNanos;
    private long writtenMark;
    private long renewedNanos = System.nanoTime();
    private int confirmations;
    private long confirmingNanos;

    /**
     * @param delivery how far the reply has come
     * @param onEnd called once, when nothing more is to be done
     */
    Handover(
            String lease,
            String username,
            String lastId,
            Supplier<ClientSocket.Delivery> delivery,
            Settler settler,
            Runnable onEnd) {
        this.lease = lease;
        this.username = username;
        this.lastId = lastId;
        this.delivery = delivery;
        this.settler = settler;
        this.onEnd = onEnd;
    }

    /**
     * The whole reply has been handed to the operating system.
     *
     * @param mark of what was read last
     */
    void written(long mark) {
        if (state == State.WRITING) {
            state = State.WRITTEN;
            writtenNanos = System.nanoTime();
            writtenMark = mark;
        }
    }

    /**
     * A command was read on the connection.
     *
     * @param mark of the chunk that brought its first byte
     */
    void commandRead(long mark) {
        if (state == State.WRITTEN && mark > writtenMark) {
            confirm();
        }
    }

    /**
     * The client has ended its input.
     *
     * @param mark of that end
     */
    void inputEnded(long mark) {
        if (state == State.WRITTEN && mark > writtenMark) {
            confirm();
        }
    }

    /** The connection ends in a way that says nothing about what the client has received. */
    void giveBack() {
        if (state == State.WRITING || state == State.WRITTEN) {
            end();
            settler.settle(
                    InboxCommand.newBuilder()
                            .setRelease(ReleaseHandover.newBuilder()
                                    .setUsername(username)
                                    .setLease(lease)),
                    // If it got lost the lease lapses.
                    result -> {});
        }
    }

    /** Looks at the clock; about twice a second. */
    void tick(long nowNanos) {
        switch (state) {
            case WRITING -> renewIfDue(nowNanos);
            case WRITTEN -> {
                if (nowNanos - writtenNanos >= PATIENCE_NANOS && delivery.get() == ClientSocket.Delivery.ACKNOWLEDGED) {
                    confirm();
                } else {
                    renewIfDue(nowNanos);
                }
            }
            case UNCONFIRMED -> confirm();
            case CONFIRMING, ENDED -> {}
        }
    }

    /** How long the reply has been with the operating system and not been acknowledged, in nanoseconds. */
    long waitingNanos(long nowNanos) {
        return state == State.WRITTEN ? nowNanos - writtenNanos : 0;
    }

    boolean isEnded() {
        return state == State.ENDED;
    }

    private void confirm() {
        state = State.CONFIRMING;
        confirmations++;
        confirmingNanos = System.nanoTime();
        settler.settle(
                InboxCommand.newBuilder()
                        .setConfirm(ConfirmHandover.newBuilder()
                                .setUsername(username)
                                .setLease(lease)
                                .setLastId(lastId)),
                this::confirmed);
    }

    private void confirmed(InboxResult result) {
        if (result.hasSettled()) {
            // An answer that took longer may be a repeat's: the lease was ended by its first attempt.
            boolean first = confirmations == 1 && System.nanoTime() - confirmingNanos < REPEATED_AFTER_NANOS;
            if (first && !result.getSettled().getHeld()) {
                LOG.atInfo()
                        .addKeyValue("connectionId", settler.connectionId())
                        .addKeyValue("username", username)
                        .log("a hand-over was confirmed after its lease had lapsed; its messages come again");
            }
            end();
        } else if (confirmations < MAX_CONFIRMATIONS) {
            state = State.UNCONFIRMED;
        } else {
            LOG.atWarn()
                    .addKeyValue("connectionId", settler.connectionId())
                    .addKeyValue("username", username)
                    .log("a hand-over could not be confirmed; its messages come again");
            end();
        }
    }

    private void renewIfDue(long nowNanos) {
        if (nowNanos - renewedNanos < RENEWAL_NANOS) {
            return;
        }
        renewedNanos = nowNanos;
        settler.settle(
                InboxCommand.newBuilder()
                        .setRenew(
                                RenewHandover.newBuilder().setUsername(username).setLease(lease)),
                this::renewed);
    }

    private void renewed(InboxResult result) {
        boolean lapsed = result.hasSettled() && !result.getSettled().getHeld();
        if (lapsed && (state == State.WRITING || state == State.WRITTEN)) {
            end();
        }
    }

    private void end() {
        if (state != State.ENDED) {
            state = State.ENDED;
            onEnd.run();
        }
    }
}
