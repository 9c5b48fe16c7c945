package io.pesan.client;

import io.vertx.core.json.JsonObject;

/** A frame that answers nothing: the server pushes it to whoever listens. */
sealed interface Event extends Frame {

    /** A message in the inbox. */
    record Pushed(Message message) implements Event {}

    /** The server is about to close the connection. */
    record Leaving(Closing closing) implements Event {}

    /** An event of a newer server; means nothing to this client. */
    record Unknown(String name) implements Event {}

    /**
     * Reads a frame that has a key {@code event}.
     *
     * @throws MalformedReplyException if it lacks what such an event has
     */
    static Event of(JsonObject json) {
        String name = Frame.text(json, "event");
        return switch (name) {
            case "message" -> new Pushed(Frame.message(json));
            case "closing" -> new Leaving(new Closing(json.getString("reason", ""), Frame.retryAfter(json)));
            default -> new Unknown(name);
        };
    }
}
