package io.pesan.session;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The accounts in Redis, and the index of their names.
 *
 * <p>The index lies apart from the accounts, so no script keeps the two together. A name is entered before its account is
 * made: a crash in between leaves a name without an account, which a list skips. Entering and deleting each end with
 * another look at the account, so that of two who add and remove one account at once the last leaves the index right.
 */
final class Accounts {

    private static final RedisScript CREATE = RedisScript.load(Accounts.class, "create-account");
    private static final RedisScript RENEW_HASH = RedisScript.load(Accounts.class, "renew-hash");
    private static final RedisScript CHANGE_PASSWORD = RedisScript.load(Accounts.class, "change-password");
    private static final RedisScript REMOVE = RedisScript.load(Accounts.class, "remove-account");

    /** What a link must load for this class. */
    static final List<RedisScript> SCRIPTS = List.of(CREATE, RENEW_HASH, CHANGE_PASSWORD, REMOVE);

    /** How an attempt to make an account ended. All but CREATED changed nothing. */
    enum Creation {
        CREATED,
        /** The caller has stopped waiting. */
        LATE,
        EXISTS,
        /** Those of a predecessor of that name, whose removal was cut short; they have to be ended first. */
        SESSIONS_ENDING
    }

    /** How an attempt to set a password ended. All but CHANGED changed nothing. */
    enum PasswordChange {
        CHANGED,
        /** The caller has stopped waiting. */
        LATE,
        NO_ACCOUNT,
        OTHER_GENERATION,
        NO_SESSION
    }

    /**
     * How an attempt to remove an account ended.
     *
     * @param messages that were pending, and are gone with it
     */
    record Removal(RemovalOutcome outcome, long messages) {

        private static Removal parse(String answer) {
            String[] words = answer.split(" ", 2);
            return new Removal(RemovalOutcome.valueOf(words[0]), words.length == 1 ? 0 : Long.parseLong(words[1]));
        }
    }

    /** All but REMOVED changed nothing. */
    enum RemovalOutcome {
        REMOVED,
        /** The caller has stopped waiting. */
        LATE,
        NO_ACCOUNT
    }

    private final RedisLink redis;

    Accounts(RedisLink redis) {
        this.redis = redis;
    }

    /** Reads an account. */
    Future<Optional<Account>> find(Username user) {
        return redis.send(Request.cmd(Command.HMGET, RedisKeys.account(user), "name", "password", "generation"))
                .map(fields -> fields.get(0) == null
                        ? Optional.empty()
                        : Optional.of(new Account(
                                user,
                                fields.get(0).toString(),
                                fields.get(1).toString(),
                                fields.get(2).toString())));
    }

    /** Makes an account; one that exists is left as it is. */
    Future<Creation> add(Username user, String name, PasswordHash password, Deadline deadline) {
        List<String> keys = List.of(RedisKeys.account(user), RedisKeys.endingSessions(user));
        return enter(user)
                .compose(entered -> redis.send(CREATE.call(keys, name, password.encode(), deadline.redisMillis())))
                // Again: a removal of an older account of this name may just have taken it out.
                .compose(created -> enter(user).map(Creation.valueOf(created.toString())));
    }

    /** Stores the same password hashed at another cost, unless it has been changed meanwhile. */
    Future<Boolean> renewHash(Account account, PasswordHash renewed) {
        List<String> keys = List.of(RedisKeys.account(account.username()));
        return redis.send(RENEW_HASH.call(keys, account.password(), renewed.encode()))
                .map(answer -> answer.toInteger() == 1);
    }

    /** Sets the password that replaces the one checked against this account, and dooms all sessions but one. */
    Future<PasswordChange> changePassword(
            Account checked, PasswordHash password, String keptSession, Deadline deadline) {
        return setPassword(checked.username(), password, checked.generation(), keptSession, deadline);
    }

    /** Sets the password, whatever it was, and dooms all of the user's sessions. */
    Future<PasswordChange> resetPassword(Username user, PasswordHash password, Deadline deadline) {
        return setPassword(user, password, "", "", deadline);
    }

    private Future<PasswordChange> setPassword(
            Username user, PasswordHash password, String generation, String keptSession, Deadline deadline) {
        List<String> keys =
                List.of(RedisKeys.account(user), RedisKeys.userSessions(user), RedisKeys.endingSessions(user));
        return redis.send(
                        CHANGE_PASSWORD.call(keys, password.encode(), generation, keptSession, deadline.redisMillis()))
                .map(answer -> PasswordChange.valueOf(answer.toString()));
    }

    /**
     * Removes an account with all that is its user's, and dooms the user's sessions.
     *
     * @param deadlineMillis in Redis's clock, after which nothing is done; 0: none
     */
    Future<Removal> remove(Username user, long deadlineMillis) {
        List<String> keys = new ArrayList<>();
        keys.add(RedisKeys.account(user));
        keys.add(RedisKeys.userSessions(user));
        keys.add(RedisKeys.endingSessions(user));
        keys.addAll(RedisKeys.allOfInbox(user));
        return redis.send(REMOVE.call(keys, deadlineMillis)).compose(answer -> {
            Removal removal = Removal.parse(answer.toString());
            return removal.outcome() == RemovalOutcome.REMOVED
                    ? delete(user).map(removal)
                    : Future.succeededFuture(removal);
        });
    }

    /** The accounts' names in byte order, at most so many after the given one (empty: from the first). */
    Future<List<Username>> names(String after, int limit) {
        String from = after.isEmpty() ? "-" : "(" + after;
        Request range =
                Request.cmd(Command.ZRANGE, RedisKeys.ACCOUNT_INDEX, from, "+", "BYLEX", "LIMIT", "0", "" + limit);
        return redis.send(range).map(names -> {
            List<Username> usernames = new ArrayList<>(names.size());
            for (Response name : names) {
                usernames.add(new Username(name.toString()));
            }
            return usernames;
        });
    }

    /** What an administrator is shown of these accounts, in one round trip; those that are gone are left out. */
    Future<List<AccountSummary>> summaries(List<Username> users) {
        if (users.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        List<Request> requests = new ArrayList<>(users.size() * AccountSummary.REQUESTS);
        users.forEach(user -> requests.addAll(AccountSummary.requests(user)));
        return redis.batch(requests).map(answers -> {
            List<AccountSummary> summaries = new ArrayList<>(users.size());
            for (int i = 0; i < users.size(); i++) {
                int first = i * AccountSummary.REQUESTS;
                AccountSummary.read(users.get(i), answers.subList(first, first + AccountSummary.REQUESTS))
                        .ifPresent(summaries::add);
            }
            return summaries;
        });
    }

    private Future<Response> enter(Username user) {
        return redis.send(Request.cmd(Command.ZADD, RedisKeys.ACCOUNT_INDEX, "0", user.value()));
    }

    private Future<Response> delete(Username user) {
        return redis.send(Request.cmd(Command.ZREM, RedisKeys.ACCOUNT_INDEX, user.value()))
                .compose(deleted -> redis.send(Request.cmd(Command.EXISTS, RedisKeys.account(user))))
                .compose(exists -> exists.toInteger() == 1 ? enter(user) : Future.succeededFuture(exists));
    }
}
