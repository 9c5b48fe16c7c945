package io.pesan.gateway;

import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.ReplyBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A message as {@code fetch} and events show it. */
final class MessageMembers {

    /** RFC 3339, always with milliseconds. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private MessageMembers() {}

    /**
     * Writes the members of an object that is open.
     *
     * @param to username of whose inbox it is in
     */
    static void write(ReplyBuffer out, StoredMessage message, String to) {
        // An id begins with the moment at which the message was stored.
        long millis = MessageId.parse(message.getId()).orElse(MessageId.NONE).millis();
        out.text("id", message.getId())
                .text("from", message.getFrom())
                .text("name", message.getName())
                .text("to", to)
                .text("text", message.getText())
                .text("at", TIME.format(Instant.ofEpochMilli(millis)));
    }
}
