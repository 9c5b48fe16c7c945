package io.pesan.inbox;

import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.bus.proto.Taken;
import io.pesan.contract.protocol.ReplyBuffer;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.pesan.redis.Session;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/**
 * Leases the session's inbox to a hand-over and reads its oldest messages: at most {@value #MAX_MESSAGES}, and as many as
 * fit into a reply of about {@value #MAX_REPLY_BYTES} bytes, but at least one.
 *
 * @param deadlineMillis moment in Redis's clock after which no lease is taken any more: nobody would wait for the messages,
 *     and nobody else would get them while it lasts
 */
record TakeCall(int command, Session session, String lease, long deadlineMillis) implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(TakeCall.class, "pending", "take");

    static final int MAX_MESSAGES = 1_000;
    static final int MAX_REPLY_BYTES = 512 * 1024;

    /** Messages are two words each. */
    private static final int LATE_WORDS = 1;

    /** Keys and punctuation of one message in a reply. */
    private static final int MESSAGE_OVERHEAD_BYTES = 80;

    @Override
    public Request request() {
        return SCRIPT.call(
                List.of(RedisKeys.inbox(session.username()), RedisKeys.inboxLease(session.username())),
                lease,
                LEASE.toMillis(),
                MAX_MESSAGES,
                MAX_REPLY_BYTES,
                deadlineMillis);
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        if (answer.size() == LATE_WORDS) {
            results.unavailable(command);
            return;
        }
        int bytesBeside = MESSAGE_OVERHEAD_BYTES + ReplyBuffer.encodedLength(session.name());
        // What is cut off stays in the inbox: the gateway confirms what it delivered, by its last id.
        List<StoredMessage> messages =
                new PageReader(MAX_REPLY_BYTES, bytesBeside).read(answer, 0).messages();
        results.taken(
                command,
                Taken.newBuilder()
                        .setUsername(session.username().value())
                        .setName(session.name())
                        .addAllMessages(messages)
                        .build());
    }
}
