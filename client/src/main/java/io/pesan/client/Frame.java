package io.pesan.client;

import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a server writes: a {@link Reply}, or an {@link Event}, which is what has a key {@code event}. */
sealed interface Frame permits Reply, Event {

    /**
     * Reads a frame.
     *
     * @throws MalformedReplyException if it is neither
     */
    static Frame parse(byte[] frame) {
        try {
            JsonObject json = new JsonObject(Buffer.buffer(frame));
            return json.containsKey("event") ? Event.of(json) : Reply.of(json);
        } catch (DecodeException | ClassCastException | IllegalArgumentException | DateTimeException malformed) {
            throw new MalformedReplyException("something that is neither a reply nor an event", malformed);
        }
    }

    /** A message of {@code fetch} or {@code listen}. */
    static Message message(JsonObject json) {
        MessageId id = MessageId.parse(text(json, "id"))
                .orElseThrow(() -> new MalformedReplyException("a message without a usable id", null));
        return new Message(
                id,
                new Username(text(json, "from")),
                text(json, "name"),
                new Username(text(json, "to")),
                text(json, "text"),
                Instant.parse(text(json, "at")));
    }

    /** How long the server asks to wait; zero if it doesn't. */
    static Duration retryAfter(JsonObject json) {
        Long millis = json.getLong("retry_after_ms", 0L);
        return Duration.ofMillis(millis == null ? 0 : Math.max(0, millis));
    }

    static String text(JsonObject json, String key) {
        return present(json.getString(key), key);
    }

    static <T> T present(@Nullable T value, String what) {
        if (value == null) {
            throw new MalformedReplyException("a frame without " + what, null);
        }
        return value;
    }
}
