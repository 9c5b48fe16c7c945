package io.pesan.inbox;

import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes messages that waited for longer than {@code inbox.retention}. All nodes take part: each claims a page of users at a
 * time, and a round of all users begins as often as a twentieth of the retention, at least every ten minutes and at most every
 * second. So a message goes within about a round of its time, and appending pays nothing for it: a round costs Redis a few
 * microseconds for each account.
 *
 * <p>What a page's claim was lost with is found in the next round.
 */
final class RetentionSweep {

    /** What a link needs for this sweep. */
    static final RedisScript SCRIPT = RedisScript.load(RetentionSweep.class, "claim-inboxes");

    private static final Logger LOG = LoggerFactory.getLogger(RetentionSweep.class);

    /** Users whose inboxes are looked at in one write: some milliseconds of Redis. */
    private static final int PAGE = 1_000;

    private static final Duration LONGEST_ROUND = Duration.ofMinutes(10);
    private static final Duration SHORTEST_ROUND = Duration.ofSeconds(1);
    private static final int ROUNDS_IN_RETENTION = 20;

    /** Between two claims of one node, give or take a half; between two pages of a round. */
    private static final long CLAIM_MILLIS = 1_000;

    private static final long PAGE_MILLIS = 100;

    private final Vertx vertx;
    private final RedisLink link;
    private final InboxConfig config;
    private final InboxMetrics metrics;
    private boolean stopped;
    private long timer;

    RetentionSweep(Vertx vertx, RedisLink link, InboxConfig config, InboxMetrics metrics) {
        this.metrics = metrics;
        this.vertx = vertx;
        this.link = link;
        this.config = config;
    }

    /** Begins, unless messages are kept for ever. */
    void start() {
        if (!config.retention().isZero()) {
            next(CLAIM_MILLIS);
        }
    }

    /** Claims no further page. */
    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    private void next(long aboutMillis) {
        if (!stopped) {
            long jittered = aboutMillis / 2 + 1 + ThreadLocalRandom.current().nextLong(aboutMillis);
            timer = vertx.setTimer(
                    jittered,
                    due -> claim().compose(this::sweep)
                            .onComplete(full -> next(full ? PAGE_MILLIS : CLAIM_MILLIS), failure -> {
                                LOG.atDebug()
                                        .addKeyValue("failure", String.valueOf(failure))
                                        .log("could not look for expired messages; the next round will");
                                next(CLAIM_MILLIS);
                            }));
        }
    }

    private Future<Response> claim() {
        return link.send(
                SCRIPT.call(List.of(RedisKeys.ACCOUNT_INDEX, RedisKeys.RETENTION_SWEEP), PAGE, round().toMillis()));
    }

    private Duration round() {
        Duration round = config.retention().dividedBy(ROUNDS_IN_RETENTION);
        if (round.compareTo(LONGEST_ROUND) > 0) {
            return LONGEST_ROUND;
        }
        return round.compareTo(SHORTEST_ROUND) < 0 ? SHORTEST_ROUND : round;
    }

    /** Says whether there may be more users in this round. */
    private Future<Boolean> sweep(Response claim) {
        long oldestKept = claim.get(0).toLong() - config.retention().toMillis();
        if (claim.size() == 1 || oldestKept <= 0) {
            return Future.succeededFuture(false);
        }
        MessageId lastExpired = new MessageId(oldestKept - 1, Long.MAX_VALUE);
        List<Request> requests = new ArrayList<>(claim.size());
        for (int i = 1; i < claim.size(); i++) {
            requests.add(RemoveCall.expire(new Username(claim.get(i).toString()), lastExpired)
                    .request());
        }
        return link.batch(requests).map(answers -> {
            long removed = answers.stream().mapToLong(Response::toLong).sum();
            metrics.removed(InboxMetrics.Removal.RETENTION, removed);
            if (removed > 0) {
                LOG.atInfo().addKeyValue("messages", removed).log("messages waited for longer than inbox.retention");
            }
            return requests.size() == PAGE;
        });
    }
}
