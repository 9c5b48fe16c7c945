package io.pesan.redis;

import io.vertx.redis.client.Response;

/** Redis's clock: the one clock that all nodes share. */
public final class RedisClock {

    private static final long MICROS_PER_SECOND = 1_000_000;

    private RedisClock() {}

    /** Reads the answer to {@code TIME}, in microseconds since 1970. */
    public static long micros(Response time) {
        return time.get(0).toLong() * MICROS_PER_SECOND + time.get(1).toLong();
    }
}
