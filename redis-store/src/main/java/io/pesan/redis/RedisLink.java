package io.pesan.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One held, pipelined connection to Redis that comes back by itself. Calls made while it is away fail at once.
 *
 * <p>A connection that answers nothing for {@value #WATCH_INTERVAL_MILLIS} ms is asked for a sign of life and given up
 * if that does not come within {@value #CALL_TIMEOUT_MILLIS} ms. A refusal is a sign of life, too. Attempts to connect follow each other within 50 ms at first
 * and {@value #MAX_BACKOFF_MILLIS} ms at most, jittered. At most {@value #MAX_WAITING} commands wait for their answers.
 *
 * <p>Owned by the event loop on which it was opened.
 */
public final class RedisLink {

    /** How long a call waits for its answer, in milliseconds. */
    public static final long CALL_TIMEOUT_MILLIS = 1_500;

    private static final long WATCH_INTERVAL_MILLIS = 500;
    private static final long CONNECT_TIMEOUT_MILLIS = 1_000;
    private static final long FIRST_BACKOFF_MILLIS = 25;
    private static final long MAX_BACKOFF_MILLIS = 500;

    /** Commands under way on one connection, beyond which calls fail at once. */
    static final int MAX_WAITING = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    /** Where the link is in its life. */
    private sealed interface State {}

    private record Away(long backoffMillis) implements State {}

    private record Here(Redis client, RedisConnection connection) implements State {}

    private record Closed() implements State {}

    private final Vertx vertx;
    private final Context context;
    private final RedisConfig config;
    private final List<Request> preparation;
    private final Promise<Void> firstConnection = Promise.promise();
    private final RefusalLog refusals;
    private final RedisMetrics metrics;
    private final CallClock clock;
    private State state = new Away(FIRST_BACKOFF_MILLIS);
    private long watchdog;
    private long lastAnswerNanos = System.nanoTime();
    /** What Redis refuses even a sign of life for; null while all is well. */
    private @Nullable String complaint;
    /** Why the last attempt to connect failed; null after one that did not. */
    private @Nullable String lastMiss;

    private RedisLink(Vertx vertx, RedisConfig config, List<RedisScript> scripts, RedisMetrics metrics) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.preparation = scripts.stream().map(RedisScript::loading).toList();
        this.refusals = new RefusalLog(config.server());
        this.metrics = metrics;
        this.clock = new CallClock(metrics, scripts);
    }

    /** Opens a link on the current context and begins to connect; {@link #connected} tells when that has succeeded. */
    public static RedisLink open(Vertx vertx, RedisConfig config, List<RedisScript> scripts) {
        return open(vertx, config, scripts, RedisMetrics.NONE);
    }

    /** As {@link #open(Vertx, RedisConfig, List)}; tells metrics how the link fares. */
    public static RedisLink open(Vertx vertx, RedisConfig config, List<RedisScript> scripts, RedisMetrics metrics) {
        RedisLink link = new RedisLink(vertx, config, scripts, metrics);
        metrics.up(false);
        link.connect();
        link.watchdog = vertx.setPeriodic(WATCH_INTERVAL_MILLIS, timer -> link.watch());
        return link;
    }

    /** Succeeds with the first connection; attempts go on until then. Fails only if the link is closed before. */
    public Future<Void> connected() {
        return firstConnection.future();
    }

    /** Whether there is a connection now, to a server that does not refuse everything. */
    public boolean isUp() {
        return state instanceof Here && complaint == null;
    }

    /** Whether there is a connection now; calls fail at once if there is not. */
    public boolean isConnected() {
        return state instanceof Here;
    }

    /**
     * Sends requests in one write; they take effect in their order, behind those of every call made before on this link.
     *
     * @return the answers in the order of the requests (null for nil); fails with {@link RedisUnavailableException} if
     *     one of them was refused or any answer did not come in time
     */
    public Future<List<Response>> batch(List<Request> requests) {
        if (!(state instanceof Here here)) {
            clock.away(requests);
            return Future.failedFuture(new RedisUnavailableException("no connection to " + config.server(), null));
        }
        long sent = System.nanoTime();
        return here.connection()
                .batch(requests)
                .timeout(CALL_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onSuccess(answers -> {
                    lastAnswerNanos = System.nanoTime();
                    clock.answered(requests, sent, lastAnswerNanos);
                })
                .recover(failure -> {
                    clock.failed(requests, failure, sent);
                    return Future.failedFuture(refused(here, failure));
                });
    }

    /** Sends one request. See {@link #batch}. */
    public Future<Response> send(Request request) {
        return batch(List.of(request)).map(answers -> answers.get(0));
    }

    /** Closes the connection for good; calls under way fail. */
    public Future<Void> close() {
        State last = state;
        state = new Closed();
        vertx.cancelTimer(watchdog);
        metrics.up(false);
        firstConnection.tryFail(new RedisUnavailableException("closed before it was connected", null));
        return last instanceof Here here ? here.client().close() : Future.succeededFuture();
    }

    private void connect() {
        Redis client = Redis.createClient(vertx, RedisClientOptions.of(config, CONNECT_TIMEOUT_MILLIS, MAX_WAITING));
        client.connect()
                .compose(connection -> prepare(connection).map(connection))
                .timeout(CONNECT_TIMEOUT_MILLIS + CALL_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onComplete(connection -> arrived(client, connection), failure -> missed(client, failure));
    }

    private Future<?> prepare(RedisConnection connection) {
        return preparation.isEmpty() ? Future.succeededFuture() : connection.batch(preparation);
    }

    private void arrived(Redis client, RedisConnection connection) {
        if (state instanceof Closed) {
            discard(client);
            return;
        }
        Here here = new Here(client, connection);
        connection.exceptionHandler(failure -> lose(here, String.valueOf(failure)));
        connection.endHandler(end -> lose(here, "the server closed the connection"));
        state = here;
        lastMiss = null;
        complaint = null;
        lastAnswerNanos = System.nanoTime();
        metrics.up(true);
        if (!firstConnection.tryComplete()) {
            metrics.reconnected();
            LOG.atInfo().addKeyValue("server", config.server()).log("connected to Redis again");
        }
    }

    private void missed(Redis client, Throwable failure) {
        discard(client);
        if (state instanceof Away away) {
            String reason = RefusalLog.reason(failure);
            // Once for each reason: an operator must learn of a password that counts no more, and need not twice a
            // second.
            LOG.atLevel(reason.equals(lastMiss) ? Level.DEBUG : Level.WARN)
                    .addKeyValue("server", config.server())
                    .addKeyValue("reason", reason)
                    .log("could not connect to Redis; trying on");
            lastMiss = reason;
            retryAfter(away.backoffMillis());
        }
    }

    private void lose(Here here, String reason) {
        if (state != here) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("server", config.server())
                .addKeyValue("reason", reason)
                .log("lost the connection to Redis");
        metrics.up(false);
        discard(here.client());
        retryAfter(FIRST_BACKOFF_MILLIS);
    }

    private void retryAfter(long backoffMillis) {
        state = new Away(Math.min(MAX_BACKOFF_MILLIS, backoffMillis * 2));
        long jittered = backoffMillis + ThreadLocalRandom.current().nextLong(backoffMillis);
        vertx.setTimer(Math.min(MAX_BACKOFF_MILLIS, jittered), timer -> {
            if (state instanceof Away) {
                connect();
            }
        });
    }

    /** Calls are answered all the time under load; the question is only asked of a connection that is silent or unwell. */
    private void watch() {
        if (!(state instanceof Here here)
                || (complaint == null && sinceLastAnswer().toMillis() < WATCH_INTERVAL_MILLIS)) {
            return;
        }
        here.connection()
                .send(Request.cmd(Command.PING))
                .timeout(CALL_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onComplete(pong -> hear(here, null), failure -> {
                    // Redis itself says no, with its disk full for instance: a new connection would hear the same.
                    if (RefusalLog.isRefusal(failure)) {
                        hear(here, RefusalLog.reason(failure));
                    } else {
                        lose(here, "no sign of life: " + RefusalLog.reason(failure));
                    }
                });
    }

    private void hear(Here here, @Nullable String refusal) {
        if (state != here) {
            return;
        }
        lastAnswerNanos = System.nanoTime();
        if (refusal == null && complaint != null) {
            LOG.atInfo().addKeyValue("server", config.server()).log("Redis serves again");
        } else if (refusal != null) {
            refusals.report(refusal);
        }
        complaint = refusal;
        metrics.up(isUp());
    }

    private Duration sinceLastAnswer() {
        return Duration.ofNanos(System.nanoTime() - lastAnswerNanos);
    }

    private RedisUnavailableException refused(Here here, Throwable failure) {
        String reason = RefusalLog.reason(failure);
        // Somebody has emptied the script cache: only a new connection loads the scripts.
        if (String.valueOf(failure.getMessage()).contains("NOSCRIPT")) {
            context.runOnContext(next -> lose(here, "its scripts are gone"));
        } else if (RefusalLog.isRefusal(failure)) {
            refusals.report(reason);
        }
        return new RedisUnavailableException(config.server() + ": " + reason, failure);
    }

    private static void discard(Redis client) {
        client.close()
                .onFailure(failure -> LOG.atDebug()
                        .addKeyValue("failure", String.valueOf(failure))
                        .log("a lost connection did not close"));
    }
}
