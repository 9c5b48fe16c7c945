package io.pesan.client;

import java.time.Duration;

/**
 * Where to connect, and what to put up with.
 *
 * @param connectTimeout for making the connection
 * @param timeout for each call's answer; a call that isn't answered in time fails, the connection stays
 * @param maxOutstanding calls whose answers may be missing at a time; beyond it calls fail at once
 * @param maxReplyBytes longest reply that is accepted; a server that writes a longer one loses the connection
 */
public record ClientOptions(
        String host, int port, Duration connectTimeout, Duration timeout, int maxOutstanding, int maxReplyBytes) {

    /** Where gateways listen unless they are told otherwise. */
    public static final int DEFAULT_PORT = 8889;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Twice what a server allows itself for an answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** As many as a gateway reads ahead by default. */
    private static final int MAX_OUTSTANDING = 1000;
    /** An inbox reply carries about 512 KiB of text, of which each byte may need six. */
    private static final int MAX_REPLY_BYTES = 4 << 20;

    private static final int HIGHEST_PORT = 65_535;

    public ClientOptions {
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("port must be 1 to " + HIGHEST_PORT + ", is " + port);
        }
        if (connectTimeout.toMillis() < 1 || timeout.toMillis() < 1) {
            throw new IllegalArgumentException("a time-out must be at least 1 ms");
        }
        if (maxOutstanding < 1 || maxReplyBytes < 1) {
            throw new IllegalArgumentException("a limit must be at least 1");
        }
    }

    /** The defaults: 5 s to connect, 10 s an answer, 1,000 outstanding, replies of 4 MiB. */
    public static ClientOptions of(String host, int port) {
        return new ClientOptions(host, port, CONNECT_TIMEOUT, TIMEOUT, MAX_OUTSTANDING, MAX_REPLY_BYTES);
    }

    /** The same, with another time-out for answers. */
    public ClientOptions withTimeout(Duration other) {
        return new ClientOptions(host, port, connectTimeout, other, maxOutstanding, maxReplyBytes);
    }

    /** The same, with another bound of calls under way. */
    public ClientOptions withMaxOutstanding(int other) {
        return new ClientOptions(host, port, connectTimeout, timeout, other, maxReplyBytes);
    }

    /** The same, with another bound of a reply's length. */
    public ClientOptions withMaxReplyBytes(int other) {
        return new ClientOptions(host, port, connectTimeout, timeout, maxOutstanding, other);
    }
}
