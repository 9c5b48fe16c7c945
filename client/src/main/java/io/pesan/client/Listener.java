package io.pesan.client;

/**
 * Hears what a server pushes. Called on the connection's event loop, one call at a time, in the order of arrival among
 * themselves and among replies; so a listener must not block. What it throws is reported to the event loop's exception
 * handler, and the message counts as heard.
 */
@FunctionalInterface
public interface Listener {

    /** Hears a message; each one's id is greater than the one's before. */
    void message(Message message);

    /** The server is about to close this connection. */
    default void closing(Closing closing) {}
}
