package io.pesan.gateway;

import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one connection hands over: tells its hand-over how far the reply has come, and what the client did after it. */
final class Deliveries {

    private final Gateway gateway;
    private final Object owner;
    private final ClientSocket socket;
    private final Runnable onEnd;

    private @Nullable Handover handover;
    /** Where the reply that hands over ends, in bytes flushed since the connection began; -1: it is not flushed yet. */
    private long end;

    private boolean over;

    /**
     * @param owner in whose order hand-overs are settled
     * @param onEnd called when a hand-over is settled
     */
    Deliveries(Gateway gateway, Object owner, ClientSocket socket, Runnable onEnd) {
        this.gateway = gateway;
        this.owner = owner;
        this.socket = socket;
        this.onEnd = onEnd;
    }

    /** Begins a hand-over for the reply being written. */
    void open(String lease, String username, String lastId) {
        if (handover != null) {
            // Its lease has lapsed, or there would be nothing to hand over now.
            handover.giveBack();
        }
        Handover opened = new Handover(lease, username, lastId, socket::delivery, this::settle, onEnd);
        handover = opened;
        end = -1;
        gateway.handovers().add(opened);
        if (over) {
            opened.giveBack();
        }
    }

    private void settle(InboxCommand.Builder command, Consumer<InboxResult> completion) {
        gateway.services()
                .inbox()
                .offer(new Lane.Run<>(
                        owner,
                        List.of(command),
                        0,
                        System.nanoTime() + Dispatcher.ANSWER_WITHIN_NANOS,
                        results -> completion.accept(results.get(0))));
    }

    /** What is in the reply buffer is about to be written; it ends there, in bytes since the connection began. */
    void flushing(long endOfBuffer) {
        if (handover != null && end < 0) {
            end = endOfBuffer;
        }
    }

    /**
     * So many bytes have been handed to the operating system since the connection began.
     *
     * @param mark of what was read last
     */
    void written(long bytes, long mark) {
        if (handover != null && end >= 0 && bytes >= end) {
            handover.written(mark);
        }
    }

    /**
     * A command was read.
     *
     * @param mark of the chunk that brought its first byte
     */
    void commandRead(long mark) {
        if (handover != null) {
            handover.commandRead(mark);
        }
    }

    /** The client has ended its input, with this mark. */
    void inputEnded(long mark) {
        if (handover != null) {
            handover.inputEnded(mark);
        }
    }

    /** The connection ends in a way that says nothing about what the client has received. */
    void giveBack() {
        over = true;
        if (handover != null) {
            handover.giveBack();
        }
    }

    boolean isSettled() {
        return handover == null || handover.isEnded();
    }

    /** Whether the client's TCP has not acknowledged a reply for longer than it may. */
    boolean isUnacknowledged(long nowNanos, Duration limit) {
        return handover != null
                && !limit.isZero()
                && handover.waitingNanos(nowNanos) > Math.max(limit.toNanos(), 2 * Handover.PATIENCE_NANOS);
    }
}
