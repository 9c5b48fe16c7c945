package io.pesan.gateway;

import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.protocol.LineFramer;
import io.pesan.contract.protocol.RequestLine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, from its first byte to its end.
 *
 * <p>Requests wait in a queue and are answered in its order: at any time at most one run of successive requests for one
 * service is under way, so that they also take effect in that order. While the queue, the event loop's backlog or the
 * replies not yet written are at their bounds, nothing is read.
 *
 * <p>Owned by the event loop of its gateway verticle.
 */
final class Connection implements ClientSocket.Listener {

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

    /** Bytes of one connection's lines read and not answered, beyond which its socket isn't read. */
    private static final int MAX_QUEUED_BYTES = 256 << 10;

    /** A client that is told goodbye has this long to read it. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Gateway gateway;
    private final ClientSocket socket;
    private final LineFramer framer;
    private final Conversation conversation = new Conversation();
    private final Dispatcher dispatcher;
    private final ReplyWriter replies;
    private final ConnectionClock clock = new ConnectionClock();

    private final ArrayDeque<Request> queue = new ArrayDeque<>();
    private int queuedBytes;
    private Phase phase = Phase.SERVING;
    private boolean inputEnded;
    /** Whether what the client says is no longer heard: it said goodbye, or something too long. */
    private boolean deaf;

    private boolean paused;
    private boolean halted;
    private boolean parsing;
    private long chunks;

    private @Nullable Handover handover;
    /** Where the reply that hands over ends, in bytes flushed since the connection began; -1: it is not flushed yet. */
    private long handoverEnd;

    Connection(Gateway gateway, ClientSocket socket) {
        this.gateway = gateway;
        this.socket = socket;
        this.framer = new LineFramer(gateway.limits().maxLineBytes());
        this.replies = new ReplyWriter(socket, this::written);
        this.dispatcher =
                new Dispatcher(gateway.services(), conversation, replies.buffer(), this::openHandover, this::reset);
    }

    // ---- what the socket reports -----------------------------------------------------------------------------------

    @Override
    public void received(byte[] bytes) {
        clock.received();
        if (deaf) {
            return;
        }
        framer.offer(bytes, ++chunks);
        proceed();
    }

    @Override
    public void inputEnded() {
        inputEnded = true;
        if (handover != null) {
            handover.inputEnded();
        }
        if (phase == Phase.LINGERING) {
            closeInOrder();
        } else if (phase == Phase.SERVING) {
            phase = Phase.FINISHING;
            proceed();
        }
    }

    @Override
    public void closed() {
        phase = Phase.CLOSED;
        deaf = true;
        discardQueue();
        if (handover != null) {
            handover.giveBack();
        }
        gateway.forget(this);
        gateway.backlog().release();
    }

    @Override
    public void draining() {
        if (phase == Phase.CLOSING || phase == Phase.CLOSED) {
            return;
        }
        clock.drain(gateway.timeouts().drain(), conversation.isExtended());
        tick(System.nanoTime());
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    /** Reads what may be read and answers what can be answered; whenever something has changed. */
    private void proceed() {
        if (parsing) {
            return;
        }
        parsing = true;
        try {
            boolean moreInput;
            do {
                moreInput = parse();
                answer();
            } while (moreInput && mayRead());
        } finally {
            parsing = false;
        }
        flush();
        steer();
        finishIfDone();
        gateway.backlog().release();
    }

    /** Queues the requests in the chunk. Says whether it stopped before the chunk's end. */
    private boolean parse() {
        while (!deaf) {
            if (!mayRead()) {
                return framer.hasInput();
            }
            switch (framer.next()) {
                case LINE -> {
                    clock.midLine(false);
                    enqueue(RequestLine.parse(framer.bytes(), framer.from(), framer.to()));
                }
                case NEEDS_INPUT -> {
                    clock.midLine(framer.midLine());
                    return false;
                }
                case TOO_LONG -> {
                    enqueue(RequestLine.tooLong(framer.bytes(), framer.from(), framer.to()));
                    finish();
                    return false;
                }
            }
        }
        return false;
    }

    private void enqueue(RequestLine line) {
        if (handover != null) {
            handover.commandRead(framer.startedAt());
        }
        Call call = gateway.commands().parse(line);
        int bytes = framer.to() - framer.from();
        queue.add(new Request(call, line.tag(), clock.receivedNanos(), bytes));
        queuedBytes += bytes;
        gateway.backlog().add(bytes);
    }

    private boolean mayRead() {
        return queue.size() + dispatcher.underWay() < gateway.limits().maxPipelined()
                && queuedBytes < MAX_QUEUED_BYTES
                && replies.pendingBytes() < gateway.limits().maxPendingWriteBytes()
                && !gateway.backlog().isFull();
    }

    private void steer() {
        boolean pause = !deaf && (framer.hasInput() || !mayRead());
        if (pause && !halted && gateway.backlog().isFull()) {
            halted = true;
            gateway.backlog().halt(this::released);
        }
        if (pause != paused) {
            paused = pause;
            if (pause) {
                socket.pause();
            } else {
                socket.resume();
            }
        }
    }

    private void released() {
        halted = false;
        proceed();
    }

    // ---- answering -------------------------------------------------------------------------------------------------

    private void answer() {
        while (!dispatcher.isBusy()
                && !queue.isEmpty()
                && !conversation.isEnded()
                && phase != Phase.CLOSING
                && phase != Phase.CLOSED
                && replies.pendingBytes() < gateway.limits().maxPendingWriteBytes()) {
            int taken = dispatcher.dispatch(this, queue, this::proceed);
            dequeue(taken);
            if (replies.isLarge()) {
                flush();
            }
        }
        if (conversation.isEnded()) {
            discardQueue();
            finish();
        }
    }

    private void dequeue(int requests) {
        for (int i = 0; i < requests; i++) {
            Request request = queue.remove();
            queuedBytes -= request.lineBytes();
            gateway.backlog().remove(request.lineBytes());
        }
    }

    /** The client has said goodbye, or is gone: what it said after that is not heard. */
    private void discardQueue() {
        dequeue(queue.size());
    }

    private void flush() {
        // Before the write: it may be complete when it returns.
        if (handover != null && handoverEnd < 0) {
            handoverEnd = replies.endOfBuffer();
        }
        replies.flush();
    }

    private void written() {
        if (handover != null && handoverEnd >= 0 && replies.writtenBytes() >= handoverEnd) {
            handover.written(chunks);
        }
        if (paused || phase == Phase.FINISHING) {
            proceed();
        }
    }

    private void openHandover(String lease, String username, String lastId) {
        if (handover != null) {
            // Its lease has lapsed, or there would be nothing to hand over now.
            handover.giveBack();
        }
        Handover opened = new Handover(lease, username, lastId, socket::delivery, this::settle, this::handoverEnded);
        handover = opened;
        handoverEnd = -1;
        gateway.handovers().add(opened);
        if (phase == Phase.CLOSING || phase == Phase.CLOSED) {
            opened.giveBack();
        }
    }

    private void settle(InboxCommand.Builder command, Consumer<InboxResult> completion) {
        gateway.services()
                .inbox()
                .offer(new Lane.Run<>(
                        this,
                        List.of(command),
                        0,
                        System.nanoTime() + Dispatcher.ANSWER_WITHIN_NANOS,
                        results -> completion.accept(results.get(0))));
    }

    private void handoverEnded() {
        finishIfDone();
    }

    // ---- ending ----------------------------------------------------------------------------------------------------

    /** Hears no more; closes when everything is answered. */
    private void finish() {
        deaf = true;
        if (phase == Phase.SERVING) {
            phase = Phase.FINISHING;
        }
    }

    private boolean owesNothing() {
        boolean heardAll = deaf || !framer.hasInput();
        return heardAll && queue.isEmpty() && !dispatcher.isBusy() && replies.isAllWritten();
    }

    /** Closes once everything is answered and written, and what was handed over is settled. */
    private void finishIfDone() {
        boolean handedOver = handover == null || handover.isEnded();
        if (phase != Phase.FINISHING || !owesNothing() || !handedOver) {
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

    private void closeInOrder() {
        phase = Phase.CLOSING;
        socket.close();
    }

    private void reset() {
        phase = Phase.CLOSING;
        if (handover != null) {
            handover.giveBack();
        }
        socket.reset();
    }

    /** Looks at the clock; about twice a second. */
    void tick(long nowNanos) {
        GatewayTimeouts timeouts = gateway.timeouts();
        if (phase == Phase.CLOSING || phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.LINGERING) {
            if (clock.lingeredEnough(nowNanos)) {
                closeInOrder();
            }
        } else if (inputEnded && socket.delivery() == ClientSocket.Delivery.BROKEN) {
            reset();
        } else if (replies.isStuck(nowNanos, timeouts.write()) || isUnacknowledged(nowNanos, timeouts.write())) {
            reset();
        } else if (clock.isDrainDue(nowNanos)) {
            drain();
        } else if (owesNothing() && !paused) {
            tickIdle(nowNanos, timeouts);
        }
    }

    private boolean isUnacknowledged(long nowNanos, Duration limit) {
        return handover != null
                && !limit.isZero()
                && handover.waitingNanos(nowNanos) > Math.max(limit.toNanos(), 2 * Handover.PATIENCE_NANOS);
    }

    private void tickIdle(long nowNanos, GatewayTimeouts timeouts) {
        Duration idle = conversation.isExtended() ? timeouts.idle() : timeouts.legacyIdle();
        if (clock.isIdle(nowNanos, idle) || clock.isMidLineFor(nowNanos, timeouts.line())) {
            leave();
        } else if (!conversation.isSessionProven() && clock.isOlderThan(nowNanos, timeouts.firstAuth())) {
            leave();
        }
    }

    /** Lets go of the client as soon as what it has asked for is answered; whatever else it says is not heard. */
    private void drain() {
        boolean endsInOrder = endsInOrder();
        if (!owesNothing()) {
            deaf = true;
            if (endsInOrder) {
                finish();
            }
        } else if (endsInOrder || socket.delivery() != ClientSocket.Delivery.PENDING) {
            leave();
        }
    }

    /**
     * Closes a connection that is owed nothing. The first deployed clients spin when they see an orderly end that they
     * did not ask for, and report a reset: they get one.
     */
    private void leave() {
        if (handover != null) {
            handover.giveBack();
        }
        if (endsInOrder()) {
            finish();
            finishIfDone();
        } else {
            reset();
        }
    }

    private boolean endsInOrder() {
        return conversation.isExtended() || phase != Phase.SERVING;
    }
}
