package io.pesan.bench;

import java.nio.ByteBuffer;

/** What one connection asks, and what it makes of the answers. Called on the load loop's thread. */
interface Conversation {

    /** Longest request that may be appended at a time, in bytes. */
    int MAX_REQUEST_BYTES = 80 << 10;

    /**
     * Appends the next request, if there is something to ask now.
     *
     * @param out has room for {@link #MAX_REQUEST_BYTES}
     * @param start when it is, or should have been, written: its latency counts from then ({@link System#nanoTime})
     * @return whether a request was appended
     */
    boolean ask(ByteBuffer out, long start);

    /**
     * Takes the answer to the oldest request under way; the bytes are valid during the call only.
     *
     * @param started when the request was, or should have been, written ({@link System#nanoTime})
     * @param now when the answer was read
     */
    void answered(byte[] bytes, int from, int to, long started, long now);

    /** Takes what the server sent by itself; the bytes are valid during the call only. */
    default void event(byte[] bytes, int from, int to, long now) {
        throw new BenchException("the server sent an event that nothing had asked for");
    }

    /** The connection is gone, and with it the answers to this many requests. */
    void lost(String reason, int unanswered);

    /** A connection is about to be made. */
    default void opening(long now) {}

    /** Whether the connection is reset after each answer, and another one made. */
    default boolean opensAnew() {
        return false;
    }
}
