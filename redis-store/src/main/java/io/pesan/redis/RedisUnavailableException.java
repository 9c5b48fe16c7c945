package io.pesan.redis;

import org.jspecify.annotations.Nullable;

/** Redis could not be reached, did not answer in time, or refused a call. Whether the call took effect is unknown. */
public final class RedisUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Whether every call was refused because another server has its keys: none took effect. */
    private final boolean moved;

    RedisUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    RedisUnavailableException(String message, @Nullable Throwable cause, boolean moved) {
        // No stack trace: it is a report about another process, made thousands of times a second while that is down.
        super(message, cause, false, false);
        this.moved = moved;
    }

    boolean moved() {
        return moved;
    }
}
