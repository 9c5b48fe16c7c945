package io.pesan.gateway;

import java.time.Duration;

/**
 * How long a client may take. {@link Duration#ZERO} switches a time-out off.
 *
 * @param firstAuth from the connection's start to its first command with a valid session
 * @param line from a line's first byte to its last
 * @param idle without a byte received, for a connection that has used an extension of the protocol
 * @param legacyIdle the same for every other connection
 * @param write without progress in writing what a connection is owed
 * @param drain from the beginning of a drain to its end; zero: connections are closed as soon as they are owed nothing
 */
public record GatewayTimeouts(
        Duration firstAuth, Duration line, Duration idle, Duration legacyIdle, Duration write, Duration drain) {

    /** Longer than anything takes to be answered. */
    private static final Duration UNHURRIED_DRAIN = Duration.ofSeconds(10);

    public GatewayTimeouts {
        requireNotNegative("gateway.first-auth-timeout", firstAuth);
        requireNotNegative("gateway.line-timeout", line);
        requireNotNegative("gateway.idle-timeout", idle);
        requireNotNegative("gateway.legacy-idle-timeout", legacyIdle);
        requireNotNegative("gateway.write-timeout", write);
        requireNotNegative("gateway.drain-timeout", drain);
    }

    /** What a drain takes at most; also where it is not limited. */
    public Duration longestDrain() {
        return drain.isZero() ? UNHURRIED_DRAIN : drain;
    }

    private static void requireNotNegative(String key, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(key + " must not be negative, is " + duration);
        }
    }
}
