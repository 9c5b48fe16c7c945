package io.pesan.session;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;

/**
 * What an administrator is shown of an account.
 *
 * @param createdAtMillis since 1970
 * @param sessions live ones, and those that expired within the last minute
 * @param pendingMessages in the inbox
 */
record AccountSummary(Username username, String name, long createdAtMillis, int sessions, int pendingMessages) {

    /** How many requests {@link #requests} makes. */
    static final int REQUESTS = 3;

    static List<Request> requests(Username user) {
        return List.of(
                Request.cmd(Command.HMGET, RedisKeys.account(user), "name", "created"),
                Request.cmd(Command.ZCARD, RedisKeys.userSessions(user)),
                Request.cmd(Command.XLEN, RedisKeys.inbox(user)));
    }

    static Optional<AccountSummary> read(Username user, List<Response> answers) {
        Response fields = answers.get(0);
        if (fields.get(0) == null) {
            return Optional.empty();
        }
        return Optional.of(new AccountSummary(
                user,
                fields.get(0).toString(),
                fields.get(1).toLong(),
                answers.get(1).toInteger(),
                answers.get(2).toInteger()));
    }
}
