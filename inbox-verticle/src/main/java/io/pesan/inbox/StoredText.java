package io.pesan.inbox;

import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.redis.Session;

/**
 * A message as its entry in the stream holds it: the sender's username and full name, a line each, and then the text. One
 * string, because each field of a stream's entry costs Redis about as much as storing the text does.
 */
final class StoredText {

    /** Most bytes beside the text: a username, a full name of 64 characters with 4 bytes each, two line ends. */
    static final int MAX_OVERHEAD_BYTES = 32 + 64 * 4 + 2;

    private StoredText() {}

    static String encode(Session sender, String text) {
        return sender.username().value() + '\n' + sender.name() + '\n' + text;
    }

    static StoredMessage decode(String id, String stored) {
        int nameBegin = stored.indexOf('\n') + 1;
        int textBegin = stored.indexOf('\n', nameBegin) + 1;
        return StoredMessage.newBuilder()
                .setId(id)
                .setFrom(stored.substring(0, Math.max(0, nameBegin - 1)))
                .setName(stored.substring(nameBegin, Math.max(nameBegin, textBegin - 1)))
                .setText(stored.substring(textBegin))
                .build();
    }
}
