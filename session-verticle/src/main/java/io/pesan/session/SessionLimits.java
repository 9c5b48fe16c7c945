package io.pesan.session;

import java.time.Duration;

/**
 * How long sessions live, and how many a user may have.
 *
 * @param idleTimeout without being used; zero: any time
 * @param lifetime in any case; zero: for ever
 * @param perUser live sessions of one user; the oldest gives way; 0: any number
 */
public record SessionLimits(Duration idleTimeout, Duration lifetime, int perUser) {

    public SessionLimits {
        if (idleTimeout.isNegative()) {
            throw new IllegalArgumentException("sessions.idle-timeout must not be negative, is " + idleTimeout);
        }
        if (lifetime.isNegative()) {
            throw new IllegalArgumentException("sessions.lifetime must not be negative, is " + lifetime);
        }
        if (perUser < 0) {
            throw new IllegalArgumentException("sessions.per-user must not be negative, is " + perUser);
        }
    }
}
