package io.pesan.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One held, pipelined connection to one server that takes writes.
 *
 * <p>A connection that answers nothing for {@value #WATCH_INTERVAL_MILLIS} ms is asked for a sign of life and given up
 * if that does not come within {@value #CALL_TIMEOUT_MILLIS} ms. A refusal is a sign of life, too. Where the server may lose
 * its part to another, it is asked as often, whatever it answers, whether it still plays it ({@link PrimaryCheck}), and given
 * up if not. Attempts to connect follow each other within 50 ms at first and {@value #MAX_BACKOFF_MILLIS} ms at most,
 * jittered; each finds out anew where to. At most {@value #MAX_WAITING} commands wait for their answers.
 */
final class ServerLink implements RedisLink {

    private static final String SCRIPTS_GONE = "its scripts are gone";
    private static final long WATCH_INTERVAL_MILLIS = 500;
    private static final long FIRST_BACKOFF_MILLIS = 25;
    private static final long MAX_BACKOFF_MILLIS = 500;

    /** Commands under way on one connection, beyond which calls fail at once. */
    static final int MAX_WAITING = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(ServerLink.class);

    /** Where the link is in its life. */
    private sealed interface State {}

    private record Away(long backoffMillis) implements State {}

    private record Here(Connector.Connected connected) implements State {

        RedisConnection connection() {
            return connected.connection();
        }
    }

    private record Closed() implements State {}

    private final Vertx vertx;
    private final Context context;
    private final String server;
    private final @Nullable PrimaryCheck check;
    private final Connector connector;
    private final Promise<Void> firstConnection = Promise.promise();
    private final RefusalLog refusals;
    private final RedisMetrics metrics;
    private final SlowCalls slow;
    private final CallClock clock;
    private final SignOfLife signOfLife;
    private State state = new Away(FIRST_BACKOFF_MILLIS);
    private long watchdog;
    private long lastAnswerNanos = System.nanoTime();
    /** What Redis refuses even a sign of life for; null while all is well. */
    private @Nullable String complaint;
    /** Redis refused a call since it was last asked for a sign of life. */
    private boolean refusedSome;
    /** Why the last attempt to connect failed; null after one that did not. */
    private @Nullable String lastMiss;

    private ServerLink(
            Vertx vertx,
            RedisConfig config,
            String server,
            Supplier<Future<RedisAddress>> whereabouts,
            List<RedisScript> scripts,
            RedisMetrics metrics) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.server = server;
        this.check = PrimaryCheck.of(config);
        this.connector = new Connector(vertx, config, whereabouts, check, scripts);
        this.refusals = new RefusalLog(server);
        this.metrics = metrics;
        this.slow = new SlowCalls(server);
        this.clock = new CallClock(metrics, slow, scripts);
        this.signOfLife = new SignOfLife(check, !scripts.isEmpty(), slow);
    }

    /** To one server, wherever its part goes. */
    static ServerLink open(
            Vertx vertx, RedisConfig config, RedisAddress server, List<RedisScript> scripts, RedisMetrics metrics) {
        return new ServerLink(vertx, config, server.toString(), () -> Future.succeededFuture(server), scripts, metrics)
                .begin();
    }

    /** To whichever server the Sentinels call the primary. */
    static ServerLink openPrimary(Vertx vertx, RedisConfig config, List<RedisScript> scripts, RedisMetrics metrics) {
        String name = config.topology().primary();
        return new ServerLink(vertx, config, name, new Sentinels(vertx, config)::primary, scripts, metrics).begin();
    }

    private ServerLink begin() {
        metrics.up(false);
        connect();
        watchdog = vertx.setPeriodic(WATCH_INTERVAL_MILLIS, timer -> watch());
        return this;
    }

    @Override
    public Future<Void> connected() {
        return firstConnection.future();
    }

    @Override
    public boolean isUp() {
        return state instanceof Here && complaint == null;
    }

    @Override
    public boolean isConnected() {
        return state instanceof Here;
    }

    @Override
    public Future<List<Response>> batch(List<Request> requests) {
        if (!(state instanceof Here here)) {
            clock.away(requests);
            return Future.failedFuture(new RedisUnavailableException("no connection to " + server, null));
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
                    return Future.failedFuture(refused(here, failure, requests));
                });
    }

    @Override
    public Future<List<Outcome>> each(List<Request> requests) {
        return batch(requests)
                .map(answers -> Outcome.answered(answers, true))
                .otherwise(failure -> Outcome.failed(requests.size(), (RedisUnavailableException) failure));
    }

    @Override
    public Future<Reading> read(List<String> keys) {
        Request time = Request.cmd(Command.TIME);
        if (keys.isEmpty()) {
            return send(time).map(now -> new Reading(RedisClock.micros(now), List.of()));
        }
        return batch(List.of(time, Request.cmd(Command.MGET, keys.toArray()))).map(answers -> {
            List<Response> values = new ArrayList<>(keys.size());
            answers.get(1).forEach(values::add);
            return new Reading(RedisClock.micros(answers.get(0)), Outcome.answered(values, true));
        });
    }

    @Override
    public Future<Void> close() {
        State last = state;
        state = new Closed();
        vertx.cancelTimer(watchdog);
        metrics.closed();
        firstConnection.tryFail(new RedisUnavailableException("closed before it was connected", null));
        return last instanceof Here here ? here.connected().client().close() : Future.succeededFuture();
    }

    private void connect() {
        connector.connect().onComplete(this::arrived, this::missed);
    }

    private void arrived(Connector.Connected connected) {
        if (state instanceof Closed) {
            connected.discard();
            return;
        }
        Here here = new Here(connected);
        here.connection().exceptionHandler(failure -> lose(here, String.valueOf(failure)));
        here.connection().endHandler(end -> lose(here, "the server closed the connection"));
        state = here;
        lastMiss = null;
        complaint = null;
        lastAnswerNanos = System.nanoTime();
        metrics.up(true);
        if (!firstConnection.tryComplete()) {
            metrics.reconnected();
            LOG.atInfo().addKeyValue("server", server).log("connected to Redis again");
        }
    }

    private void missed(Throwable failure) {
        if (state instanceof Away away) {
            String reason = RefusalLog.reason(failure);
            // Once for each reason: an operator must learn of a password that counts no more, and need not twice a
            // second.
            LOG.atLevel(reason.equals(lastMiss) ? Level.DEBUG : Level.WARN)
                    .addKeyValue("server", server)
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
        LOG.atWarn().addKeyValue("server", server).addKeyValue("reason", reason).log("lost the connection to Redis");
        metrics.up(false);
        here.connected().discard();
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

    /**
     * Calls are answered all the time under load: that a server lives is only asked of one that is silent or unwell, or
     * refused something.
     */
    private void watch() {
        slow.look(System.nanoTime());
        boolean quiet = complaint == null && !refusedSome && sinceLastAnswer().toMillis() < WATCH_INTERVAL_MILLIS;
        if (!(state instanceof Here here) || (quiet && check == null)) {
            return;
        }
        refusedSome = false;
        signOfLife
                .ask(here.connection())
                .timeout(CALL_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onComplete(well -> hear(here, null), failure -> {
                    if (String.valueOf(failure.getMessage()).contains("NOSCRIPT")) {
                        lose(here, SCRIPTS_GONE);
                    } else if (RefusalLog.isRefusal(failure)) {
                        // Redis itself says no, with its disk full for instance: a new connection would hear the same.
                        hear(here, RefusalLog.reason(failure));
                    } else if (failure instanceof PrimaryCheck.UnfitException) {
                        lose(here, RefusalLog.reason(failure));
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
            LOG.atInfo().addKeyValue("server", server).log("Redis serves again");
        } else if (refusal != null) {
            refusals.report(refusal);
        }
        complaint = refusal;
        metrics.up(refusal == null);
    }

    private Duration sinceLastAnswer() {
        return Duration.ofNanos(System.nanoTime() - lastAnswerNanos);
    }

    private RedisUnavailableException refused(Here here, Throwable failure, List<Request> requests) {
        String reason = RefusalLog.reason(failure);
        String all = String.valueOf(failure.getMessage());
        refusedSome |= RefusalLog.isRefusal(failure);
        // Somebody has emptied the script cache, and only a new connection loads the scripts; or it is a replica now.
        if (all.contains("NOSCRIPT")) {
            context.runOnContext(next -> lose(here, SCRIPTS_GONE));
        } else if (all.contains("READONLY ")) {
            context.runOnContext(next -> lose(here, "it takes no writes any more"));
        } else if (RefusalLog.isRefusal(failure) && !reason.startsWith("MOVED ")) {
            refusals.report(reason);
        }
        return new RedisUnavailableException(server + ": " + reason, failure, MovedSlots.areAll(failure, requests));
    }
}
