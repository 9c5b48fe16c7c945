package io.pesan.session;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps who is online true: looks at users of whom a session may have expired, and at those whose change of sessions was
 * never finished. Every node tries every few seconds; a lease in Redis lets one at a time do the work, and each user is
 * claimed besides, so two at once would do no harm.
 *
 * <p>A session's key expires by itself; its user is due a moment after the earliest of the user's sessions may, so a
 * session that expires is unlisted within about twice {@link #INTERVAL}. The work is in proportion to the users due.
 */
final class ExpirySweep {

    private static final Logger LOG = LoggerFactory.getLogger(ExpirySweep.class);

    /** Time between two attempts, give or take a fifth. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** For how long other nodes leave the work to the one that began. */
    private static final Duration LEASE = Duration.ofSeconds(3);

    /** Users looked at side by side: bounds what one sweep has under way in Redis. */
    private static final int PAGE = 200;

    /** Bounds one sweep; who is still due then waits for the next. */
    private static final int PAGES = 100;

    private final Vertx vertx;
    private final RedisLink redis;
    private final ActiveUserSet active;
    private final UserSessions sessions;
    private final SessionMetrics metrics;
    private boolean stopped;
    private long timer;

    ExpirySweep(Vertx vertx, RedisLink redis, ActiveUserSet active, UserSessions sessions, SessionMetrics metrics) {
        this.metrics = metrics;
        this.vertx = vertx;
        this.redis = redis;
        this.active = active;
        this.sessions = sessions;
    }

    /** Begins: first after one interval, then for as long as {@link #stop} is not called. */
    void start() {
        long interval = INTERVAL.toMillis();
        long jittered = interval * 4 / 5 + ThreadLocalRandom.current().nextLong(interval * 2 / 5);
        timer = vertx.setTimer(
                jittered,
                due -> sweepUnlessOthersDo().onComplete(swept -> {
                    if (!stopped) {
                        start();
                    }
                }));
    }

    /** Starts no further sweep; one that is under way ends after its page. */
    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    private Future<Void> sweepUnlessOthersDo() {
        Request lease =
                Request.cmd(Command.SET, RedisKeys.SWEEP_LEASE, "1", "NX", "PX", Long.toString(LEASE.toMillis()));
        return active.count()
                .onSuccess(metrics::activeUsers)
                .compose(counted -> redis.send(lease))
                .compose(granted -> granted == null ? sweepIfTheLeaseOutlivesItself() : sweep(PAGES))
                .otherwise(failure -> {
                    LOG.atDebug()
                            .addKeyValue("failure", String.valueOf(failure))
                            .log("could not look for expired sessions; the next sweep will");
                    return null;
                });
    }

    /** If Redis's clock was set back, the lease lasts for as long as that was. */
    private Future<Void> sweepIfTheLeaseOutlivesItself() {
        return redis.send(Request.cmd(Command.PTTL, RedisKeys.SWEEP_LEASE)).compose(left -> {
            if (left.toLong() <= LEASE.toMillis()) {
                return Future.succeededFuture();
            }
            return redis.send(
                            Request.cmd(Command.SET, RedisKeys.SWEEP_LEASE, "1", "PX", Long.toString(LEASE.toMillis())))
                    .compose(shortened -> sweep(PAGES));
        });
    }

    private Future<Void> sweep(int pages) {
        return active.claim(PAGE).compose(claim -> {
            List<Future<Void>> looks =
                    claim.users().stream().map(user -> look(claim, user)).toList();
            boolean last = claim.users().size() < PAGE || pages == 1 || stopped;
            return Future.all(looks).compose(done -> last ? Future.succeededFuture() : sweep(pages - 1));
        });
    }

    /** Whoever can't be looked at now is due again when the claim lapses. */
    private Future<Void> look(ActiveUserSet.Claim claim, Username user) {
        return sessions.endDoomed(user)
                .compose(ended -> sessions.dropExpired(user))
                .compose(next -> active.settle(user).compose(settled -> active.lookAgain(claim, user, next)))
                .otherwise(failure -> {
                    report(user, failure);
                    return null;
                });
    }

    /** Redis's absence is reported by the link, once; anything else concerns this user alone. */
    private static void report(Username user, Throwable failure) {
        Level level = failure instanceof RedisUnavailableException ? Level.DEBUG : Level.ERROR;
        LOG.atLevel(level)
                .addKeyValue("username", user)
                .setCause(failure)
                .log("could not look for this user's expired sessions");
    }
}
