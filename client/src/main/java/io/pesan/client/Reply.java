package io.pesan.client;

import io.pesan.client.Outcome.Done;
import io.pesan.client.Outcome.Refused;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One reply, and the only place where a reply's JSON is looked into. Frames with a key {@code event}, which a server
 * pushes to whoever listens, would be told apart here.
 */
final class Reply {

    private final JsonObject json;

    private Reply(JsonObject json) {
        this.json = json;
    }

    /**
     * Reads a frame.
     *
     * @throws MalformedReplyException if it isn't a reply
     */
    static Reply parse(byte[] frame) {
        try {
            JsonObject json = new JsonObject(Buffer.buffer(frame));
            String status = json.getString("status");
            if (!"OK".equals(status) && !"ERROR".equals(status)) {
                throw new MalformedReplyException("a reply without a status", null);
            }
            return new Reply(json);
        } catch (DecodeException | ClassCastException malformed) {
            throw new MalformedReplyException("a reply that is no JSON object with a status", malformed);
        }
    }

    /** The tag of the request that is answered, or null. */
    @Nullable String tag() {
        Object tag = json.getValue("tag");
        return tag instanceof String text ? text : null;
    }

    /**
     * What the server answered, its value read by one of this class's methods.
     *
     * @throws MalformedReplyException if what should be there isn't
     */
    <T> Outcome<T> outcome(Function<Reply, T> value) {
        try {
            if ("OK".equals(json.getString("status"))) {
                return new Done<>(value.apply(this));
            }
            Long retryAfter = json.getLong("retry_after_ms", 0L);
            return new Refused<>(
                    json.getString("code", ""),
                    json.getString("message", ""),
                    Duration.ofMillis(retryAfter == null ? 0 : Math.max(0, retryAfter)));
        } catch (ClassCastException | IllegalArgumentException malformed) {
            throw new MalformedReplyException("a reply with an unexpected value", malformed);
        }
    }

    String message() {
        return text(json, "message");
    }

    Token token() {
        return new Token(text(json, "tokenid"));
    }

    Username username() {
        return new Username(text(json, "username"));
    }

    Identity identity() {
        return new Identity(username(), text(json, "name"));
    }

    Sent sent() {
        String id = json.getString("id");
        return new Sent(id == null ? Optional.empty() : MessageId.parse(id), json.getBoolean("duplicate", false));
    }

    /** In the order of the reply: sender by sender. */
    List<InboxMessage> inbox() {
        JsonObject bySender = present(json.getJsonObject("messages"), "messages");
        List<InboxMessage> messages = new ArrayList<>();
        for (String sender : bySender.fieldNames()) {
            Username username = new Username(sender);
            JsonArray texts = present(bySender.getJsonArray(sender), "a sender's messages");
            for (int i = 0; i < texts.size(); i++) {
                JsonObject message = present(texts.getJsonObject(i), "a message");
                messages.add(new InboxMessage(
                        username, text(message, "msg_from"), text(message, "msg_to"), text(message, "msg")));
            }
        }
        return List.copyOf(messages);
    }

    ActiveUsers activeUsers() {
        List<Username> usernames = Stream.of(text(json, "listuseraktif").split(" "))
                .filter(name -> !name.isEmpty())
                .map(Username::new)
                .toList();
        return new ActiveUsers(usernames, Optional.ofNullable(json.getString("next")));
    }

    List<String> commands() {
        JsonArray commands = present(json.getJsonArray("commands"), "commands");
        return commands.stream().map(String.class::cast).toList();
    }

    private static String text(JsonObject json, String key) {
        return present(json.getString(key), key);
    }

    private static <T> T present(@Nullable T value, String what) {
        if (value == null) {
            throw new MalformedReplyException("a reply without " + what, null);
        }
        return value;
    }
}
