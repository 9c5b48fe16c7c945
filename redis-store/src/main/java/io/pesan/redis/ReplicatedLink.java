package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A link to one server on which nothing counts as kept until so many replicas have it. What is called while an earlier call
 * is under way goes out together as the next one, with one {@code WAIT}: it holds up everything behind it on the connection.
 *
 * <p>{@code WAIT} speaks only for what was written on its own connection. An answer may rest on what was written elsewhere: a
 * message that a repeated tag finds, one that an earlier attempt stored and nobody could tell, the session that is not there
 * any more. So a mark is written behind every batch. Replication is one stream: who has the mark has all that came before it.
 */
final class ReplicatedLink implements RedisLink {

    /** Leaves room within {@link #CALL_TIMEOUT_MILLIS}. */
    static final long WAIT_MILLIS = 1_000;

    /** Requests under way at once. */
    private static final int MAX_FLIGHT = 16_384;

    /** Requests that wait to go out, beyond which calls fail at once. */
    private static final int MAX_WAITING = ServerLink.MAX_WAITING;

    private static final long MARK_MILLIS = 1_000;

    private record Call(List<Request> requests, Promise<List<Outcome>> promise, long madeNanos) {

        boolean isGivenUp() {
            return System.nanoTime() - madeNanos >= TimeUnit.MILLISECONDS.toNanos(CALL_TIMEOUT_MILLIS);
        }

        void fail(RedisUnavailableException failure) {
            promise.tryComplete(Outcome.failed(requests.size(), failure));
        }
    }

    private final RedisLink link;
    private final int replicas;
    private final Deque<Call> waiting = new ArrayDeque<>();
    private int waitingRequests;
    private boolean underWay;

    ReplicatedLink(RedisLink link, int replicas) {
        this.link = link;
        this.replicas = replicas;
    }

    @Override
    public Future<Void> connected() {
        return link.connected();
    }

    @Override
    public boolean isUp() {
        return link.isUp();
    }

    @Override
    public boolean isConnected() {
        return link.isConnected();
    }

    @Override
    public Future<List<Outcome>> each(List<Request> requests) {
        if (requests.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Call call = new Call(requests, Promise.promise(), System.nanoTime());
        if (waitingRequests + requests.size() > MAX_WAITING) {
            call.fail(new RedisUnavailableException("too many requests wait for replicas", null));
        } else {
            waiting.add(call);
            waitingRequests += requests.size();
            depart();
        }
        return call.promise()
                .future()
                .timeout(CALL_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .otherwise(late ->
                        Outcome.failed(requests.size(), new RedisUnavailableException("no answer in time", null)));
    }

    @Override
    public Future<Reading> read(List<String> keys) {
        return link.read(keys);
    }

    @Override
    public Future<Void> close() {
        return link.close();
    }

    private void depart() {
        if (underWay) {
            return;
        }
        List<Call> calls = board();
        if (calls.isEmpty()) {
            return;
        }
        underWay = true;
        List<Request> flight = new ArrayList<>();
        calls.forEach(call -> flight.addAll(call.requests()));
        mark(flight).ifPresent(flight::add);
        flight.add(Request.cmd(Command.WAIT, Integer.toString(replicas), Long.toString(WAIT_MILLIS)));
        link.each(flight).onSuccess(outcomes -> {
            underWay = false;
            land(calls, outcomes);
            depart();
        });
    }

    /** As many as may go at once; nobody waits for the answer of those that are left out. */
    private List<Call> board() {
        List<Call> calls = new ArrayList<>();
        int requests = 0;
        for (Call call = waiting.peek(); call != null; call = waiting.peek()) {
            requests += call.requests().size();
            if (requests > MAX_FLIGHT && !calls.isEmpty()) {
                break;
            }
            waiting.remove();
            waitingRequests -= call.requests().size();
            if (!call.isGivenUp()) {
                calls.add(call);
            }
        }
        return calls;
    }

    private static Optional<Request> mark(List<Request> flight) {
        return flight.stream()
                .filter(request -> KeySlot.of(request) != KeySlot.NONE)
                .findFirst()
                .map(keyed -> Request.cmd(
                        Command.SET, RedisKeys.mark(KeySlot.firstKey(keyed)), "1", "PX", Long.toString(MARK_MILLIS)));
    }

    private void land(List<Call> calls, List<Outcome> outcomes) {
        Outcome waited = outcomes.get(outcomes.size() - 1);
        boolean kept = waited.isAnswered() && has(waited.answer());
        int at = 0;
        for (Call call : calls) {
            List<Outcome> own = new ArrayList<>(call.requests().size());
            for (Outcome outcome : outcomes.subList(at, at + call.requests().size())) {
                own.add(new Outcome(outcome.answer(), outcome.failure(), kept && outcome.isAnswered()));
            }
            at += call.requests().size();
            call.promise().tryComplete(own);
        }
    }

    private boolean has(@Nullable Response count) {
        return count != null && count.toInteger() >= replicas;
    }
}
