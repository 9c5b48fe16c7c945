package io.pesan.inbox;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.Session;
import io.pesan.redis.testing.RedisForTests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks into inboxes behind the service's back. */
final class Inboxes {

    /** A moment in Redis's clock that does not come: the year 2286. */
    static final long NO_DEADLINE = 9_999_999_999_999L;

    /** Longest text, in bytes. */
    static final int MAX_TEXT = 64 << 10;

    static final InboxConfig NO_QUOTA = quota(0, 0, MAX_TEXT);

    /** Of every message that is stored by itself. */
    static final String TAG = "lane.1.0";

    private Inboxes() {}

    static InboxConfig quota(int maxMessages, long maxBytes, int maxTextBytes) {
        return new InboxConfig(maxMessages, maxBytes, maxTextBytes, Duration.ofDays(30), Duration.ofHours(24));
    }

    static Session session(Username username) {
        return Session.begin("hash", username, Accounts.name(username.value()), Duration.ZERO, Duration.ZERO, 0);
    }

    /** A call that appends texts; the first text's command has the place 0. */
    static AppendCall append(Username from, Username to, InboxConfig quota, String... texts) {
        AppendCall call = new AppendCall(to, quota, NO_DEADLINE);
        for (int i = 0; i < texts.length; i++) {
            call.add(i, TAG, session(from), texts[i], "");
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
        return stored(redis, username).stream()
                .map(message -> StoredText.decode("0-0", message).getText())
                .toList();
    }

    /** The messages as they are stored. */
    static List<String> stored(RedisForTests redis, Username username) {
        return entries(redis, username).stream()
                .map(entry -> String.valueOf(list(list(entry).get(1)).get(1)))
                .toList();
    }

    /** What a message from this sender counts for, in bytes. */
    static int bytes(Username from, String text) {
        return StoredText.encode(TAG, session(from), text).getBytes(StandardCharsets.UTF_8).length;
    }

    /** What the inbox's counter says: bytes, and of how many messages; null: it is not there. */
    static @Nullable Object counter(RedisForTests redis, Username username) {
        String read =
                "local c = redis.call('GET', KEYS[1]) return c and string.format('%d %d', struct.unpack('<dd', c))";
        return redis.call("EVAL", read, "1", RedisKeys.inboxCounted(username));
    }

    static void setCounter(RedisForTests redis, Username username, long bytes, int messages) {
        String write = "redis.call('SET', KEYS[1], struct.pack('<dd', ARGV[1], ARGV[2]))";
        redis.call("EVAL", write, "1", RedisKeys.inboxCounted(username), "" + bytes, "" + messages);
    }

    /** Redis's clock. */
    static long millis(RedisForTests redis) {
        List<?> time = list(redis.call("TIME"));
        return Long.parseLong(time.get(0).toString()) * 1000
                + Long.parseLong(time.get(1).toString()) / 1000;
    }

    static List<?> list(@Nullable Object answer) {
        return (List<?>) Objects.requireNonNull(answer);
    }
}
