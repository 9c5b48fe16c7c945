package io.pesan.gateway;

import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What one connection hands over: tells its hand-overs how far their replies have come, and what the client did after
 * them. There is one at a time unless the client shows the tokens of several users; at most one a user.
 */
final class Deliveries implements Handover.Settler {

    private static final class Delivery {

        private final String username;
        private final Handover handover;
        /** Where its reply ends, in bytes flushed since the connection began; -1: it is not flushed yet. */
        private long end = -1;

        Delivery(String username, Handover handover) {
            this.username = username;
            this.handover = handover;
        }
    }

    private final Gateway gateway;
    private final Connection owner;
    private final ClientSocket socket;
    private final Runnable onEnd;

    /** Replaced, not changed: settling one may begin another. */
    private List<Delivery> deliveries = List.of();

    private boolean over;
    /** What the client's TCP had acknowledged when it was last asked, and when it was first seen to have come so far. */
    private long acknowledgedBytes;

    private long progressNanos;

    /**
     * @param owner in whose order hand-overs are settled
     * @param onEnd called when a hand-over is settled
     */
    Deliveries(Gateway gateway, Connection owner, ClientSocket socket, Runnable onEnd) {
        this.gateway = gateway;
        this.owner = owner;
        this.socket = socket;
        this.onEnd = onEnd;
    }

    /** Begins a hand-over for the reply being written. */
    void open(String lease, String username, String lastId) {
        Handover opened = new Handover(lease, username, lastId, socket::delivery, this, onEnd);
        List<Delivery> before = deliveries;
        deliveries = Stream.concat(
                        before.stream()
                                .filter(delivery ->
                                        !delivery.username.equals(username) && !delivery.handover.isEnded()),
                        Stream.of(new Delivery(username, opened)))
                .toList();
        gateway.handovers().add(opened);
        for (Delivery delivery : before) {
            if (delivery.username.equals(username)) {
                // Its lease has lapsed, or there would be nothing to hand over now.
                delivery.handover.giveBack();
            }
        }
        if (over) {
            opened.giveBack();
        }
    }

    @Override
    public String connectionId() {
        return owner.toString();
    }

    @Override
    public void settle(InboxCommand.Builder command, Consumer<InboxResult> completion) {
        gateway.services()
                .inbox()
                .offer(new Lane.Run<>(
                        owner,
                        List.of(command),
                        0,
                        0,
                        System.nanoTime() + Dispatcher.ANSWER_WITHIN_NANOS,
                        results -> completion.accept(results.get(0))));
    }

    /** What is in the reply buffer is about to be written; it ends there, in bytes since the connection began. */
    void flushing(long endOfBuffer) {
        for (Delivery delivery : deliveries) {
            if (delivery.end < 0) {
                delivery.end = endOfBuffer;
            }
        }
    }

    /**
     * So many bytes have been handed to the operating system since the connection began.
     *
     * @param mark of what was read last
     */
    void written(long bytes, long mark) {
        for (Delivery delivery : deliveries) {
            if (delivery.end >= 0 && bytes >= delivery.end) {
                delivery.handover.written(mark);
            }
        }
    }

    /**
     * A command was read.
     *
     * @param mark of the chunk that brought its first byte
     */
    void commandRead(long mark) {
        deliveries.forEach(delivery -> delivery.handover.commandRead(mark));
    }

    /** The client has ended its input, with this mark. */
    void inputEnded(long mark) {
        deliveries.forEach(delivery -> delivery.handover.inputEnded(mark));
    }

    /** The connection ends in a way that says nothing about what the client has received. */
    void giveBack() {
        over = true;
        deliveries.forEach(delivery -> delivery.handover.giveBack());
    }

    boolean isSettled() {
        return deliveries.stream().allMatch(delivery -> delivery.handover.isEnded());
    }

    /**
     * Whether the client's TCP has acknowledged nothing of a reply for longer than it may. A client that reads slowly is
     * waited for: cut off it would be given the same reply again, and never come to its end.
     */
    boolean isUnacknowledged(long nowNanos, Duration limit) {
        long most = Math.max(limit.toNanos(), 2 * Handover.PATIENCE_NANOS);
        long waiting = deliveries.stream()
                .mapToLong(delivery -> delivery.handover.waitingNanos(nowNanos))
                .max()
                .orElse(0);
        if (waiting < Handover.PATIENCE_NANOS || limit.isZero()) {
            return false;
        }
        long acknowledged = socket.acknowledgedBytes();
        if (acknowledged != acknowledgedBytes) {
            acknowledgedBytes = acknowledged;
            progressNanos = nowNanos;
        }
        return waiting > most && nowNanos - progressNanos > most;
    }
}
