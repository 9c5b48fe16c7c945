package io.pesan.client;

import io.pesan.client.Outcome.Done;
import io.pesan.client.Outcome.Refused;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One reply, and the only place where a reply's JSON is looked into. */
final class Reply implements Frame {

    private final JsonObject json;

    private Reply(JsonObject json) {
        this.json = json;
    }

    /** @throws MalformedReplyException if it isn't a reply */
    static Reply of(JsonObject json) {
        String status = json.getString("status");
        if (!"OK".equals(status) && !"ERROR".equals(status)) {
            throw new MalformedReplyException("a reply without a status", null);
        }
        return new Reply(json);
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
            return new Refused<>(json.getString("code", ""), json.getString("message", ""), Frame.retryAfter(json));
        } catch (ClassCastException | IllegalArgumentException | DateTimeException malformed) {
            throw new MalformedReplyException("a reply with an unexpected value", malformed);
        }
    }

    String message() {
        return Frame.text(json, "message");
    }

    Token token() {
        return new Token(Frame.text(json, "tokenid"));
    }

    Username username() {
        return new Username(Frame.text(json, "username"));
    }

    Identity identity() {
        return new Identity(username(), Frame.text(json, "name"));
    }

    Sent sent() {
        String id = json.getString("id");
        return new Sent(
                id == null ? Optional.empty() : MessageId.parse(id), Boolean.TRUE.equals(json.getBoolean("duplicate")));
    }

    /** In the order of the reply: sender by sender. */
    List<InboxMessage> inbox() {
        JsonObject bySender = Frame.present(json.getJsonObject("messages"), "messages");
        List<InboxMessage> messages = new ArrayList<>();
        for (String sender : bySender.fieldNames()) {
            Username username = new Username(sender);
            JsonArray texts = Frame.present(bySender.getJsonArray(sender), "a sender's messages");
            for (int i = 0; i < texts.size(); i++) {
                JsonObject message = Frame.present(texts.getJsonObject(i), "a message");
                messages.add(new InboxMessage(
                        username,
                        Frame.text(message, "msg_from"),
                        Frame.text(message, "msg_to"),
                        Frame.text(message, "msg")));
            }
        }
        return List.copyOf(messages);
    }

    Fetched fetched() {
        JsonArray array = Frame.present(json.getJsonArray("messages"), "messages");
        List<Message> messages = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            messages.add(Frame.message(Frame.present(array.getJsonObject(i), "a message")));
        }
        return new Fetched(messages, Boolean.TRUE.equals(json.getBoolean("more")));
    }

    long removed() {
        return Frame.present(json.getLong("removed"), "removed");
    }

    ActiveUsers activeUsers() {
        List<Username> usernames = Stream.of(Frame.text(json, "listuseraktif").split(" "))
                .filter(name -> !name.isEmpty())
                .map(Username::new)
                .toList();
        return new ActiveUsers(usernames, Optional.ofNullable(json.getString("next")));
    }

    List<String> commands() {
        JsonArray commands = Frame.present(json.getJsonArray("commands"), "commands");
        return commands.stream().map(String.class::cast).toList();
    }
}
