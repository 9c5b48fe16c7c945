package io.pesan.session;

import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.Outcome;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisScript;
import io.pesan.redis.Session;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and ends sessions. A session lives exactly as long as its own key; a user's set of sessions follows it, and the
 * set of active users follows that.
 *
 * <p>Opening: (1) mark the user; (2) set the session's key with a minute to live; (3) a script adds it to the user's set,
 * if the account is still of the generation that the password was checked against, and dooms the oldest beyond the limit;
 * (4) end the doomed; (5) give the key its real expiry, and mark the user again; (6) settle the user. A node that dies
 * after (1) leaves nothing; after (2) a key that nobody knows and that is gone in a minute; after (3) or (4) the same in
 * the user's set, and perhaps doomed sessions, all of which the sweep clears; after (5) a session whose token nobody
 * received, which the sweep lists until it expires. As (2) comes before (3), no sweep takes the new session for a dead
 * one. A password that changes before (3) makes the script refuse; one that changes after it finds the session in the set
 * and ends it.
 *
 * <p>Ending one: (1) mark the user and delete the key: from here no node accepts it; (2) take it from the user's set;
 * (3) settle the user. After (1) the sweep does the rest.
 *
 * <p>Ending many: a script moves them from the user's set to the doomed, of which each is dropped only after its key is
 * deleted. Until then the sweep finishes what a dead node began.
 */
final class UserSessions {

    /** A user with live sessions is looked at again after this time at the latest. */
    static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

    private static final RedisScript OPEN = RedisScript.load(UserSessions.class, "open-session");

    /** What a link must load for this class. */
    static final List<RedisScript> SCRIPTS = List.of(OPEN);

    private static final Logger LOG = LoggerFactory.getLogger(UserSessions.class);

    /** How long a session's key lives whose opening is not completed. */
    private static final Duration OPENING_TIME = Duration.ofMinutes(1);

    /** Sessions of one user handled in one round trip. */
    private static final int PAGE = 500;

    /** A look comes this much after the moment at which a key expires, in milliseconds. */
    private static final long SLACK_MILLIS = 50;

    private final RedisLink redis;
    private final ActiveUserSet active;
    private final ListenerNotices listeners;
    private final SessionLimits limits;

    UserSessions(RedisLink redis, ActiveUserSet active, ListenerNotices listeners, SessionLimits limits) {
        this.redis = redis;
        this.active = active;
        this.listeners = listeners;
        this.limits = limits;
    }

    /** Opens a session for a user whose password was checked against this account; empty if that is out of date. */
    Future<Optional<Token>> open(Account account) {
        Username user = account.username();
        Token token = Token.random();
        return active.mark(user)
                .compose(nowMicros -> makeRoom(user).map(nowMicros / 1000))
                .map(nowMillis -> Session.begin(
                        token.hash(), user, account.name(), limits.idleTimeout(), limits.lifetime(), nowMillis))
                .compose(session -> store(session).compose(stored -> join(account, session)))
                .map(joined -> joined ? Optional.of(token) : Optional.empty());
    }

    /** Sessions that have expired must not make a live one give way. */
    private Future<Void> makeRoom(Username user) {
        if (limits.perUser() == 0) {
            return Future.succeededFuture();
        }
        return redis.send(Request.cmd(Command.ZCARD, RedisKeys.userSessions(user)))
                .compose(count -> count.toInteger() < limits.perUser()
                        ? Future.succeededFuture()
                        : dropExpired(user).mapEmpty());
    }

    private Future<Response> store(Session session) {
        String opening = Long.toString(OPENING_TIME.toMillis());
        return redis.send(Request.cmd(Command.SET, RedisKeys.session(session.hash()), session.encode(), "PX", opening));
    }

    private Future<Boolean> join(Account account, Session session) {
        Username user = account.username();
        List<String> keys =
                List.of(RedisKeys.account(user), RedisKeys.userSessions(user), RedisKeys.endingSessions(user));
        return redis.send(OPEN.call(keys, account.generation(), session.hash(), limits.perUser()))
                .compose(displaced -> displaced.toInteger() < 0
                        ? redis.send(deletion(session.hash())).map(false)
                        : establish(session, displaced.toInteger()).map(true));
    }

    private Future<Void> establish(Session session, int displaced) {
        Username user = session.username();
        Future<Void> ended = displaced == 0 ? Future.succeededFuture() : endDoomed(user);
        // Marked again: a sweep that looked before the session was in the user's set may have set the next look far
        // off.
        return ended.compose(done -> redis.batch(List.of(realExpiry(session), ActiveUserSet.marking(user))))
                .compose(set -> active.settle(user));
    }

    /** Neither command brings back a session that has been ended meanwhile. */
    private static Request realExpiry(Session session) {
        String key = RedisKeys.session(session.hash());
        long expiry = session.expiryMillis(session.touchedAtMillis());
        return expiry == 0
                ? Request.cmd(Command.PERSIST, key)
                : Request.cmd(Command.PEXPIRE, key, Long.toString(expiry));
    }

    /**
     * Ends a session; false if it had ended already. Succeeds as soon as the session itself is gone, even if Redis then
     * goes away: what is left concerns only who is listed as online, and the sweep does it.
     */
    Future<Boolean> end(Session session) {
        return redis.each(List.of(ActiveUserSet.marking(session.username()), deletion(session.hash())))
                .compose(outcomes -> {
                    // On a Redis Cluster the two may lie apart. An unmarked user is looked at later, that is all.
                    Outcome deleted = outcomes.get(1);
                    if (deleted.answer() == null || !deleted.isKept()) {
                        return Future.failedFuture(deleted.asFailure());
                    } else if (deleted.answer().toInteger() == 0) {
                        return Future.succeededFuture(false);
                    }
                    listeners.sessionEnded(session.username());
                    return unlist(session).map(true);
                });
    }

    private Future<Void> unlist(Session session) {
        Username user = session.username();
        return redis.send(Request.cmd(Command.ZREM, RedisKeys.userSessions(user), session.hash()))
                .compose(removed -> active.settle(user))
                .otherwise(failure -> {
                    LOG.atDebug()
                            .addKeyValue("username", user)
                            .addKeyValue("failure", String.valueOf(failure))
                            .log("a session has ended, the sweep will unlist it");
                    return null;
                });
    }

    /** Ends the user's doomed sessions. */
    Future<Void> endDoomed(Username user) {
        String doomed = RedisKeys.endingSessions(user);
        return redis.send(Request.cmd(Command.SRANDMEMBER, doomed, "" + PAGE)).compose(hashes -> {
            if (hashes.size() == 0) {
                return Future.succeededFuture();
            }
            List<String> sessions = hashes.stream().map(Response::toString).toList();
            return redis.batch(sessions.stream().map(UserSessions::deletion).toList())
                    .onSuccess(deleted -> listeners.sessionEnded(user))
                    .compose(deleted -> redis.send(removal(Command.SREM, doomed, sessions)))
                    .compose(removed -> sessions.size() < PAGE ? Future.succeededFuture() : endDoomed(user));
        });
    }

    /**
     * Takes the sessions that have expired from the user's set.
     *
     * @return milliseconds until it is worth while to do so again; empty if the user has no sessions
     */
    Future<OptionalLong> dropExpired(Username user) {
        return dropExpired(user, 0, OptionalLong.empty());
    }

    private Future<OptionalLong> dropExpired(Username user, int from, OptionalLong delaySoFar) {
        String key = RedisKeys.userSessions(user);
        return redis.send(Request.cmd(Command.ZRANGE, key, "" + from, "" + (from + PAGE - 1)))
                .compose(hashes -> {
                    if (hashes.size() == 0) {
                        return Future.succeededFuture(delaySoFar);
                    }
                    List<String> sessions =
                            hashes.stream().map(Response::toString).toList();
                    return lookAt(user, sessions, delaySoFar)
                            .compose(look -> sessions.size() < PAGE
                                    ? Future.succeededFuture(look.delay())
                                    : dropExpired(user, from + look.live(), look.delay()));
                });
    }

    private record Look(int live, OptionalLong delay) {}

    private Future<Look> lookAt(Username user, List<String> sessions, OptionalLong delaySoFar) {
        List<Request> expiries = sessions.stream()
                .map(hash -> Request.cmd(Command.PTTL, RedisKeys.session(hash)))
                .toList();
        return redis.batch(expiries).compose(answers -> {
            List<String> dead = new ArrayList<>(0);
            long delay = delaySoFar.orElse(LONGEST_DELAY.toMillis());
            for (int i = 0; i < sessions.size(); i++) {
                long expiry = answers.get(i).toLong();
                if (expiry == -2) {
                    dead.add(sessions.get(i));
                } else if (expiry >= 0) {
                    delay = Math.min(delay, expiry + SLACK_MILLIS);
                }
            }
            int live = sessions.size() - dead.size();
            Look look = new Look(live, live == 0 ? delaySoFar : OptionalLong.of(delay));
            if (dead.isEmpty()) {
                return Future.succeededFuture(look);
            }
            listeners.sessionEnded(user);
            return redis.send(removal(Command.ZREM, RedisKeys.userSessions(user), dead))
                    .map(look);
        });
    }

    private static Request deletion(String sessionHash) {
        return Request.cmd(Command.DEL, RedisKeys.session(sessionHash));
    }

    private static Request removal(Command command, String key, List<String> members) {
        List<String> all = new ArrayList<>(members.size() + 1);
        all.add(key);
        all.addAll(members);
        return Request.cmd(command, all.toArray());
    }
}
