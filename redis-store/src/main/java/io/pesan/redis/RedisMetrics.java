package io.pesan.redis;

import java.util.Collection;

/** Is told how one link to Redis fares, on its event loop. Every method does nothing unless it is overridden. */
public interface RedisMetrics {

    /** For nobody who counts. */
    RedisMetrics NONE = new RedisMetrics() {};

    /** How calls ended. */
    enum Outcome {
        OK,
        /** Redis said no to one of the calls that went out together. */
        REFUSED,
        /** No answer in time. */
        TIMEOUT,
        /** The connection was lost meanwhile. */
        LOST,
        /** There was no connection: nothing was sent. */
        AWAY
    }

    /** Names of all that the link will call; told once, before anything else. */
    default void mayCall(Collection<String> scripts) {}

    /**
     * Calls that went out together have ended.
     *
     * @param script the script's name; {@code plain} for commands of Redis
     * @param calls how many of them called it
     * @param nanos since they went out
     */
    default void answered(String script, int calls, Outcome outcome, long nanos) {}

    /** Whether the link has a connection to a server that serves it; told on each change, at first that it has none. */
    default void up(boolean up) {}

    /** The link is closed for good. */
    default void closed() {}

    /** A connection that had been lost is back. */
    default void reconnected() {}
}
