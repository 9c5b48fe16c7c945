package io.pesan.inbox;

import io.pesan.contract.bus.proto.Listening;
import io.pesan.contract.protocol.MessageId;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.pesan.redis.Session;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;

/**
 * Lets a gateway be told of what comes to the session's inbox, for {@link #TOLD_FOR}, and reads what is there: at most
 * {@value #MAX_MESSAGES} messages and about {@value #MAX_BYTES} bytes of events, but at least one message.
 *
 * @param gateway its name, see {@link io.pesan.contract.bus.GatewayNotices}
 * @param after only messages with greater ids
 * @param nowMillis Redis's clock
 */
record ListenCall(int command, Session session, String gateway, MessageId after, long nowMillis) implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(ListenCall.class, "pending", "listen");

    /** Some looks may fail before a gateway is forgotten; and a dead one is told in vain for no longer. */
    private static final Duration TOLD_FOR = Duration.ofSeconds(15);

    /** What is not told is found by then. The protocol promises 5 s: the rest is for the clock's steps and the look. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(4);

    private static final long SHORTEST_LOOK_MILLIS = 50;
    /** A session that has ended by the clock is not gone before Redis has expired it. */
    private static final long EXPIRY_MILLIS = 20;

    private static final int MAX_MESSAGES = 256;
    private static final int MAX_BYTES = 64 * 1024;

    @Override
    public Request request() {
        return SCRIPT.call(
                List.of(RedisKeys.inbox(session.username()), RedisKeys.listeners(session.username())),
                ReadCall.begin(after),
                MAX_MESSAGES,
                MAX_BYTES,
                gateway,
                TOLD_FOR.toMillis());
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        PageReader.Page page = new PageReader(MAX_BYTES, ReadCall.MESSAGE_OVERHEAD_BYTES).read(answer, 2);
        results.listening(
                command,
                Listening.newBuilder()
                        .setPage(ReadCall.page(session, page, answer.get(1).toInteger() == 1))
                        .setUntilMs(answer.get(0).toLong())
                        .setLookAgainMs(lookAgainMillis())
                        .build());
    }

    /** To look is to use the session: often enough that it does not expire; and at once when its end has come. */
    private int lookAgainMillis() {
        long millis = LOOK_AGAIN.toMillis();
        if (session.idleMillis() > 0) {
            millis = Math.min(millis, session.idleMillis() / 2);
        }
        if (session.endsAtMillis() > 0) {
            millis = Math.min(millis, session.endsAtMillis() - nowMillis + EXPIRY_MILLIS);
        }
        return (int) Math.max(SHORTEST_LOOK_MILLIS, millis);
    }
}
