package io.pesan.inbox;

import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.redis.Session;
import java.nio.charset.StandardCharsets;

/**
 * A message as its entry in the stream holds it: its tag ({@link BatchTag}), the sender's username and full name, a line
 * each, and then the text. One string, because each field of a stream's entry costs Redis about as much as storing the text
 * does.
 */
final class StoredText {

    /** Most bytes beside the text: a tag, a username, a full name of 64 characters with 4 bytes each, three line ends. */
    static final int MAX_OVERHEAD_BYTES = BatchTag.MAX_BYTES + 32 + 64 * 4 + 3;

    private StoredText() {}

    static String encode(String tag, Session sender, String text) {
        return tag + '\n' + sender.username().value() + '\n' + sender.name() + '\n' + text;
    }

    /** Whether a message has more bytes than this. Most need no look at their characters, which have 3 bytes at most. */
    static boolean isLonger(String stored, long bytes) {
        return stored.length() > bytes / 3
                && (stored.length() > bytes || stored.getBytes(StandardCharsets.UTF_8).length > bytes);
    }

    static StoredMessage decode(String id, String stored) {
        int fromBegin = stored.indexOf('\n') + 1;
        int nameBegin = stored.indexOf('\n', fromBegin) + 1;
        int textBegin = stored.indexOf('\n', nameBegin) + 1;
        return StoredMessage.newBuilder()
                .setId(id)
                .setFrom(stored.substring(fromBegin, Math.max(fromBegin, nameBegin - 1)))
                .setName(stored.substring(nameBegin, Math.max(nameBegin, textBegin - 1)))
                .setText(stored.substring(textBegin))
                .build();
    }
}
