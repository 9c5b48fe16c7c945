package io.pesan.session;

/**
 * What the session verticle is told.
 *
 * @param sessions how long sessions live, and how many a user may have
 * @param hashing cost of a password hash
 * @param uniformErrors whether an unknown user and a wrong password get one and the same answer
 * @param listUsersPage names in one reply to {@code listuser}
 */
public record SessionConfig(SessionLimits sessions, PasswordHashing hashing, boolean uniformErrors, int listUsersPage) {

    public SessionConfig {
        if (listUsersPage < 1) {
            throw new IllegalArgumentException("limits.list-users must be at least 1, is " + listUsersPage);
        }
    }
}
