package io.pesan.inbox;

import io.pesan.contract.bus.proto.MessagePage;
import io.pesan.contract.protocol.MessageId;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.pesan.redis.Session;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/**
 * Reads pending messages of the session's inbox, oldest first: at most {@code limit}, and as many as fit into a reply of
 * about {@value #MAX_REPLY_BYTES} bytes, but at least one.
 *
 * @param after only messages with greater ids
 */
record ReadCall(int command, Session session, MessageId after, int limit) implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(ReadCall.class, "pending", "read");

    static final int MAX_MESSAGES = 1_000;
    private static final int MAX_REPLY_BYTES = 512 * 1024;

    /** Keys, punctuation, id, time and recipient of one message in a reply. */
    static final int MESSAGE_OVERHEAD_BYTES = 180;

    @Override
    public Request request() {
        return SCRIPT.call(
                List.of(RedisKeys.inbox(session.username())),
                begin(after),
                Math.min(limit, MAX_MESSAGES),
                MAX_REPLY_BYTES);
    }

    /** Where reading begins, as XRANGE has it. */
    static String begin(MessageId after) {
        return "(" + after;
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        PageReader.Page page = new PageReader(MAX_REPLY_BYTES, MESSAGE_OVERHEAD_BYTES).read(answer, 1);
        results.page(command, page(session, page, answer.get(0).toInteger() == 1));
    }

    static MessagePage page(Session session, PageReader.Page page, boolean more) {
        return MessagePage.newBuilder()
                .setUsername(session.username().value())
                .addAllMessages(page.messages())
                .setMore(more || page.isCut())
                .build();
    }
}
