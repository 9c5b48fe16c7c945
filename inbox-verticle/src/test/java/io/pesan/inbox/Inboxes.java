package io.pesan.inbox;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.Session;
import io.pesan.redis.testing.RedisForTests;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks into inboxes behind the service's back. */
final class Inboxes {

    /** A moment in Redis's clock that does not come: the year 2286. */
    static final long NO_DEADLINE = 9_999_999_999_999L;

    static final InboxConfig NO_QUOTA = new InboxConfig(0, 0);

    private Inboxes() {}

    static Session session(Username username) {
        return Session.begin("hash", username, Accounts.name(username.value()), Duration.ZERO, Duration.ZERO, 0);
    }

    /** A call that appends texts; the first text's command has the place 0. */
    static AppendCall append(Username from, Username to, InboxConfig quota, String... texts) {
        AppendCall call = new AppendCall(to, quota, NO_DEADLINE);
        for (int i = 0; i < texts.length; i++) {
            call.add(i, session(from), texts[i]);
        }
        return call;
    }

    static List<?> entries(RedisForTests redis, Username username) {
        return list(redis.call("XRANGE", RedisKeys.inbox(username), "-", "+"));
    }

    static List<String> ids(RedisForTests redis, Username username) {
        return entries(redis, username).stream()
                .map(entry -> String.valueOf(list(entry).get(0)))
                .toList();
    }

    static List<String> texts(RedisForTests redis, Username username) {
        return entries(redis, username).stream()
                .map(entry -> String.valueOf(list(list(entry).get(1)).get(5)))
                .toList();
    }

    /** What the inbox's counters say is pending, in bytes. */
    static long pendingBytes(RedisForTests redis, Username username) {
        return counter(redis, username, "appended") - counter(redis, username, "removed");
    }

    static long counter(RedisForTests redis, Username username, String field) {
        Object value = redis.call("HGET", RedisKeys.inboxUsage(username), field);
        return value == null ? 0 : Long.parseLong(value.toString());
    }

    static List<?> list(@Nullable Object answer) {
        return (List<?>) Objects.requireNonNull(answer);
    }
}
