package io.pesan.client;

import java.time.Duration;

/**
 * A listening connection is about to be closed by the server.
 *
 * @param reason {@link #SESSION}, {@link #DRAIN}, or one of a newer server
 * @param retryAfter how long to wait before connecting anew; zero if the server doesn't tell
 */
public record Closing(String reason, Duration retryAfter) {

    /** The session has ended: logged out, expired, the password changed. */
    public static final String SESSION = "session";
    /** The node leaves; others stay. */
    public static final String DRAIN = "drain";
}
