package io.pesan.gateway;

import io.pesan.contract.protocol.LineFramer;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.gateway.GatewayMetrics.CloseReason;
import java.time.Duration;
import java.util.Queue;
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

    private final Gateway gateway;
    private final String id;
    private final ClientSocket socket;
    private final Audit audit;
    private final LineFramer framer;
    private final HeldRequests held;
    private final Conversation conversation = new Conversation();
    private final Dispatcher dispatcher;
    private final ReplyWriter replies;
    private final ConnectionClock clock = new ConnectionClock();
    private final Deliveries deliveries;
    private final Events events;
    private final Ending ending;
    private final ConnectionMemory memory;
    private final ReplyRoom room;

    private boolean paused;
    private boolean halted;
    private boolean parsing;

    /** @param id names it in logs */
    Connection(Gateway gateway, ClientSocket socket, String id) {
        this.gateway = gateway;
        this.socket = socket;
        this.id = id;
        this.audit = new Audit(id, socket);
        this.framer = new LineFramer(gateway.limits().maxLineBytes());
        this.held = new HeldRequests(gateway.backlog(), gateway.limits().maxPipelined());
        this.replies = new ReplyWriter(socket, this::written, this::unwritten);
        this.deliveries = new Deliveries(gateway, this, socket, this::settled);
        this.events = new Events(gateway, replies, this::isServing, this::flush, this::finish);
        this.ending =
                new Ending(gateway.timeouts(), socket, conversation, deliveries, events, clock, this::owesNothing);
        this.memory = new ConnectionMemory(gateway.memory(), framer, socket, replies, conversation, ending);
        audit.connected();
        this.dispatcher = new Dispatcher(
                gateway.services(),
                conversation,
                replies.buffer(),
                new ConnectionEffects(deliveries, events, audit),
                this::broken);
        this.room = new ReplyRoom(replies, gateway.limits(), conversation, gateway.silence(), dispatcher);
    }

    /** A bug in an answer to one connection ends that connection, and no other's. */
    private void broken(@Nullable String tag, RuntimeException bug) {
        audit.broken(tag, bug);
        ending.reset(CloseReason.FAILURE);
    }

    ConnectionMemory memory() {
        return memory;
    }

    /** Its name in logs. */
    @Override
    public String toString() {
        return id;
    }

    // ---- what the socket reports -----------------------------------------------------------------------------------

    @Override
    public void received(Arrivals.Chunk chunk) {
        clock.received(chunk.readNanos());
        gateway.metrics().received(chunk.bytes().length);
        if (ending.isDeaf()) {
            return;
        }
        framer.offer(chunk.bytes(), chunk.mark());
        proceed();
    }

    @Override
    public void inputEnded(Arrivals.End end) {
        deliveries.inputEnded(end.mark());
        if (ending.inputEnded()) {
            proceed();
        }
    }

    @Override
    public void closed() {
        ending.closed();
        events.stop();
        held.discardWaiting();
        if (!dispatcher.isBusy()) {
            held.answered();
        }
        gateway.metrics().closed(ending.reason());
        audit.disconnected(ending.reason());
        gateway.forget(this);
        memory.release();
        gateway.backlog().release();
    }

    @Override
    public void draining() {
        if (!ending.isOver()) {
            ending.draining();
            tick(System.nanoTime());
        }
    }

    /** Looks at the clock; about twice a second. */
    void tick(long nowNanos) {
        Duration patience = gateway.timeouts().write();
        boolean cutOff = replies.isStuck(nowNanos, patience) || deliveries.isUnacknowledged(nowNanos, patience);
        ending.tick(nowNanos, !paused, cutOff);
        replies.tick();
        memory.count();
        if (events.owesFarewell()) {
            proceed();
        }
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
        ending.finishIfDone();
        gateway.backlog().release();
    }

    /** Queues the requests in the chunk. Says whether it stopped before the chunk's end. */
    private boolean parse() {
        while (!ending.isDeaf()) {
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
                    ending.finish(CloseReason.LINE_TOO_LONG);
                    return false;
                }
            }
        }
        return false;
    }

    private void enqueue(RequestLine line) {
        deliveries.commandRead(framer.startedAt());
        held.add(gateway.commands().parse(line, clock.receivedNanos(), framer.to() - framer.from()));
    }

    private boolean mayRead() {
        return room.isThere() && held.hasRoom() && !gateway.backlog().isFull();
    }

    private void steer() {
        // Asked in any case: the room is to know when it was missing.
        boolean mayRead = mayRead();
        boolean pause = !ending.isDeaf() && (framer.hasInput() || !mayRead);
        if (pause && !halted && gateway.backlog().isFull()) {
            halted = true;
            gateway.backlog().halt(this::released);
        }
        if (pause != paused) {
            paused = pause;
            socket.read(!pause);
        }
    }

    private void released() {
        halted = false;
        proceed();
    }

    // ---- answering -------------------------------------------------------------------------------------------------

    private void answer() {
        Queue<Request> waiting = held.waiting();
        while (!dispatcher.isBusy()
                && !waiting.isEmpty()
                && !conversation.isEnded()
                && !ending.isOver()
                && room.isThere()) {
            int taken = dispatcher.dispatch(this, waiting, this::answered);
            if (dispatcher.isBusy()) {
                held.removeUnderWay(taken);
            } else {
                held.removeAnswered(taken);
            }
            if (replies.isLarge()) {
                flush();
            }
        }
        if (conversation.isEnded()) {
            // What the client said after its goodbye is not heard.
            held.discardWaiting();
            ending.finish(CloseReason.QUIT);
        }
        if (ending.isDeaf() && waiting.isEmpty() && !dispatcher.isBusy()) {
            events.sayFarewell();
        }
    }

    /** A run has been answered into the reply buffer. */
    private void answered() {
        held.answered();
        proceed();
    }

    private void flush() {
        // Before the write: it may be complete when it returns.
        deliveries.flushing(replies.endOfBuffer());
        gateway.metrics().sent(replies.flush());
        memory.count();
    }

    private void written() {
        deliveries.written(replies.writtenBytes(), socket.mark());
        memory.count();
        events.ready();
        if (paused || room.wasMissing() || ending.isFinishing()) {
            proceed();
        }
    }

    /** What follows must not be written either, nor taken for what is missing. The connection may be gone, or memory is short. */
    private void unwritten(Throwable failure) {
        if (ending.isServing() || ending.isFinishing()) {
            ending.reset(failure instanceof OutOfMemoryError ? CloseReason.MEMORY : CloseReason.RESET);
        }
    }

    private boolean isServing() {
        return ending.isServing();
    }

    private void finish() {
        ending.finish(CloseReason.SESSION);
        proceed();
    }

    private void settled() {
        ending.finishIfDone();
    }

    private boolean owesNothing() {
        boolean heardAll = ending.isDeaf() || !framer.hasInput();
        return heardAll
                && held.waiting().isEmpty()
                && !dispatcher.isBusy()
                && !events.owesFarewell()
                && replies.isAllWritten();
    }
}
