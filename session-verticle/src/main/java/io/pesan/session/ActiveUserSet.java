package io.pesan.session;

import io.pesan.contract.protocol.ActiveUsersCursor;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Who is online: one sorted set of the users that have a session, by the start of their oldest.
 *
 * <p>It repeats what each user's own set of sessions says, and lies apart from them, so no script keeps the two together.
 * Instead whoever has changed a user's sessions <em>settles</em> the user: reads the truth, writes it here, reads it
 * again, and goes on until what it wrote is what it read. So the last of all writers has written the truth: had the truth
 * changed after its last look, whoever changed it would write after it. And whoever is about to change a user's sessions
 * first <em>marks</em> the user: should it die half way, the sweep settles the user within seconds. (Should it die while
 * the sweep is looking at that very user, it is the next look that finds it: {@link UserSessions#LONGEST_DELAY} later at
 * most.)
 */
final class ActiveUserSet {

    private static final RedisScript MARK = RedisScript.load(ActiveUserSet.class, "mark-due");
    private static final RedisScript CLAIM = RedisScript.load(ActiveUserSet.class, "claim-due");
    private static final RedisScript SETTLE_DUE = RedisScript.load(ActiveUserSet.class, "settle-due");

    /** What a link must load for this class. */
    static final List<RedisScript> SCRIPTS = List.of(MARK, CLAIM, SETTLE_DUE);

    /** A marked change has been made, or has failed, by then: its steps wait for Redis 1.5 s each at most. */
    private static final Duration CHANGE_TIME = Duration.ofSeconds(5);

    /** How long claimed users belong to a sweep before another may claim them. */
    private static final Duration CLAIM_TIME = Duration.ofSeconds(30);

    /** Attempts to agree with others that change the same user at the same time. The sweep does what they leave. */
    private static final int SETTLING_ROUNDS = 10;

    /**
     * Users that one sweep has to look at.
     *
     * @param score names the claim
     */
    record Claim(String score, List<Username> users) {}

    private final RedisLink redis;

    ActiveUserSet(RedisLink redis) {
        this.redis = redis;
    }

    /** The request that marks a user as about to change. Its answer is Redis's clock in microseconds. */
    static Request marking(Username user) {
        return MARK.call(List.of(RedisKeys.ACTIVE_DUE), user.value(), CHANGE_TIME.toMillis());
    }

    /** Marks a user as about to change; answers Redis's clock in microseconds. */
    Future<Long> mark(Username user) {
        return redis.send(marking(user)).map(Response::toLong);
    }

    /** How many users have a session. */
    Future<Long> count() {
        return redis.send(Request.cmd(Command.ZCARD, RedisKeys.ACTIVE_USERS)).map(Response::toLong);
    }

    /** Makes the set agree with the user's sessions. */
    Future<Void> settle(Username user) {
        return oldestStart(user).compose(truth -> settle(user, truth, SETTLING_ROUNDS));
    }

    private Future<Void> settle(Username user, OptionalLong truth, int rounds) {
        return redis.send(writing(user, truth))
                .compose(written -> oldestStart(user))
                .compose(now ->
                        now.equals(truth) || rounds == 1 ? Future.succeededFuture() : settle(user, now, rounds - 1));
    }

    private static Request writing(Username user, OptionalLong start) {
        return start.isPresent()
                ? Request.cmd(Command.ZADD, RedisKeys.ACTIVE_USERS, "" + start.getAsLong(), user.value())
                : Request.cmd(Command.ZREM, RedisKeys.ACTIVE_USERS, user.value());
    }

    private Future<OptionalLong> oldestStart(Username user) {
        return redis.send(Request.cmd(Command.ZRANGE, RedisKeys.userSessions(user), "0", "0", "WITHSCORES"))
                .map(oldest -> oldest.size() == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(oldest.get(0).get(1).toLong()));
    }

    /** Takes users that are due; while they are not settled, no other sweep takes them for half a minute. */
    Future<Claim> claim(int limit) {
        return redis.send(CLAIM.call(List.of(RedisKeys.ACTIVE_DUE), limit, CLAIM_TIME.toMillis()))
                .map(answer -> {
                    List<Username> users = new ArrayList<>(answer.size());
                    for (int i = 1; i < answer.size(); i++) {
                        users.add(new Username(answer.get(i).toString()));
                    }
                    return new Claim(answer.get(0).toString(), users);
                });
    }

    /** Sets when a claimed user is looked at next (empty: never), unless it has been marked since. */
    Future<Void> lookAgain(Claim claim, Username user, OptionalLong delayMillis) {
        return redis.send(SETTLE_DUE.call(
                        List.of(RedisKeys.ACTIVE_DUE), user.value(), claim.score(), delayMillis.orElse(-1)))
                .mapEmpty();
    }

    /**
     * Reads some of the set.
     *
     * @param after where the page before ended
     * @param limit names at most
     */
    Future<ActiveUsersPage> page(ActiveUsersCursor after, int limit) {
        return fill(new ActiveUsersPage(after, limit), 0);
    }

    /** Users of the cursor's own score come again: all are read, and those that are not after it left out. */
    private Future<ActiveUsersPage> fill(ActiveUsersPage page, int offset) {
        // Two more: the cursor's own user, and one beyond the page, which tells that there is another page.
        int count = page.limit() + 2;
        Request range = Request.cmd(
                Command.ZRANGE,
                RedisKeys.ACTIVE_USERS,
                "" + page.after().start(),
                "+inf",
                "BYSCORE",
                "LIMIT",
                "" + offset,
                "" + count,
                "WITHSCORES");
        return redis.send(range).compose(users -> {
            for (Response user : users) {
                page.offer(user.get(1).toLong(), user.get(0).toString());
            }
            boolean last = users.size() < count;
            return last || page.isFull() ? Future.succeededFuture(page) : fill(page, offset + count);
        });
    }
}
