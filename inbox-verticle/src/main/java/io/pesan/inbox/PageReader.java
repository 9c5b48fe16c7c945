package io.pesan.inbox;

import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.protocol.ReplyBuffer;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what a script read into messages, as many as fit into a reply: the scripts count bytes as they are stored, and a
 * reply may have six for one.
 *
 * @param maxBytes of the reply, about
 * @param bytesBeside of each message in the reply: keys, punctuation and what is not in the message itself
 */
record PageReader(int maxBytes, int bytesBeside) {

    /** Id and message. */
    private static final int WORDS = 2;

    /**
     * What was read.
     *
     * @param isCut whether not all of it fits: at least the first message is taken
     */
    record Page(List<StoredMessage> messages, boolean isCut) {}

    /** Reads id and message, one after the other, from one place of an answer on. */
    Page read(Response answer, int from) {
        List<StoredMessage> messages = new ArrayList<>((answer.size() - from) / WORDS);
        long bytes = 0;
        for (int at = from; at < answer.size(); at += WORDS) {
            StoredMessage message = StoredText.decode(
                    answer.get(at).toString(), answer.get(at + 1).toString());
            bytes += encodedLength(message);
            if (bytes > maxBytes && !messages.isEmpty()) {
                return new Page(messages, true);
            }
            messages.add(message);
        }
        return new Page(messages, false);
    }

    private int encodedLength(StoredMessage message) {
        return bytesBeside
                + ReplyBuffer.encodedLength(message.getFrom())
                + ReplyBuffer.encodedLength(message.getName())
                + ReplyBuffer.encodedLength(message.getText());
    }
}
