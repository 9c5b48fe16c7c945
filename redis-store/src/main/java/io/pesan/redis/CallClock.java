package io.pesan.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.impl.RequestImpl;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Tells a link's metrics which scripts were called, and how long they took. Calls that go out together end together, so
 * the clock is read twice for all of them; {@link SlowCalls} learns of it, too. Owned by its link's event loop.
 */
final class CallClock {

    private static final String PLAIN = "plain";
    private static final byte[] NO_SCRIPT = {};

    private final RedisMetrics metrics;
    private final SlowCalls slow;
    private final Map<String, String> namesBySha1 = new HashMap<>();

    CallClock(RedisMetrics metrics, SlowCalls slow, List<RedisScript> scripts) {
        this.metrics = metrics;
        this.slow = slow;
        scripts.forEach(script -> namesBySha1.put(script.sha1(), script.name()));
        metrics.mayCall(Stream.concat(scripts.stream().map(RedisScript::name), Stream.of(PLAIN))
                .toList());
    }

    void answered(List<Request> requests, long sentNanos, long nowNanos) {
        slow.took(nowNanos - sentNanos);
        tell(requests, RedisMetrics.Outcome.OK, nowNanos - sentNanos);
    }

    void failed(List<Request> requests, Throwable failure, long sentNanos) {
        long nanos = System.nanoTime() - sentNanos;
        RedisMetrics.Outcome outcome = RedisMetrics.Outcome.LOST;
        if (failure instanceof TimeoutException) {
            outcome = RedisMetrics.Outcome.TIMEOUT;
        } else if (RefusalLog.isRefusal(failure)) {
            outcome = RedisMetrics.Outcome.REFUSED;
        }
        if (outcome != RedisMetrics.Outcome.LOST) {
            slow.took(nanos);
        }
        tell(requests, outcome, nanos);
    }

    void away(List<Request> requests) {
        tell(requests, RedisMetrics.Outcome.AWAY, 0);
    }

    /** Calls of one script mostly follow each other: each such row is looked up and told at once. */
    private void tell(List<Request> requests, RedisMetrics.Outcome outcome, long nanos) {
        if (requests.isEmpty()) {
            return;
        }
        byte[] script = sha1(requests.get(0));
        int calls = 0;
        for (Request request : requests) {
            byte[] next = sha1(request);
            if (!Arrays.equals(next, script)) {
                metrics.answered(name(script), calls, outcome, nanos);
                script = next;
                calls = 0;
            }
            calls++;
        }
        metrics.answered(name(script), calls, outcome, nanos);
    }

    private static byte[] sha1(Request request) {
        return Command.EVALSHA.equals(request.command())
                ? ((RequestImpl) request).getArgs().get(0)
                : NO_SCRIPT;
    }

    private String name(byte[] sha1) {
        return namesBySha1.getOrDefault(new String(sha1, StandardCharsets.US_ASCII), PLAIN);
    }
}
