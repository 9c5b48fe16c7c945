package io.pesan.gateway;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What one connection has read and not answered: the requests that wait, in their order, and how much those hold that are
 * under way. All of it counts towards the event loop's backlog as well.
 */
final class HeldRequests {

    /** Bytes of one connection's lines read and not answered, beyond which its socket isn't read. */
    private static final int MAX_BYTES = 256 << 10;

    private final Backlog backlog;
    private final int most;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    /** Of the lines of all, waiting and under way. */
    private int bytes;

    private int underWay;
    private int underWayBytes;

    /** @param most requests, beyond which nothing is read */
    HeldRequests(Backlog backlog, int most) {
        this.backlog = backlog;
        this.most = most;
    }

    boolean hasRoom() {
        return waiting.size() + underWay < most && bytes < MAX_BYTES;
    }

    /** Those that nobody has begun with. */
    Queue<Request> waiting() {
        return waiting;
    }

    void add(Request request) {
        waiting.add(request);
        bytes += request.lineBytes();
        backlog.add(request.lineBytes());
    }

    /** Some from the head have been answered. */
    void removeAnswered(int requests) {
        release(requests, dequeue(requests));
    }

    /** Some from the head are under way: they go on counting until {@link #answered}. */
    void removeUnderWay(int requests) {
        underWay = requests;
        underWayBytes = dequeue(requests);
    }

    private int dequeue(int requests) {
        int dequeued = 0;
        for (int i = 0; i < requests; i++) {
            dequeued += waiting.remove().lineBytes();
        }
        return dequeued;
    }

    /** What was under way has been answered. */
    void answered() {
        release(underWay, underWayBytes);
        underWay = 0;
        underWayBytes = 0;
    }

    /** Forgets what waits: nobody is there any more to be answered. */
    void discardWaiting() {
        removeAnswered(waiting.size());
    }

    private void release(int requests, int lineBytes) {
        backlog.remove(requests, lineBytes);
        bytes -= lineBytes;
    }
}
