package io.pesan.session;

/**
 * What the session verticle is told.
 *
 * @param sessions how long sessions live, and how many a user may have
 * @param hashing cost of a password hash
 * @param uniformErrors whether an unknown user and a wrong password get one and the same answer
 * @param listUsersPage names in one reply to {@code listuser}; 1 to 10,000
 */
public record SessionConfig(SessionLimits sessions, PasswordHashing hashing, boolean uniformErrors, int listUsersPage) {

    /** Of 32 characters each, as many as fit a reply of a third of a megabyte. */
    private static final int MOST_NAMES = 10_000;

    public SessionConfig {
        if (listUsersPage < 1 || listUsersPage > MOST_NAMES) {
            throw new IllegalArgumentException(
                    "limits.list-users must be between 1 and " + MOST_NAMES + ", is " + listUsersPage);
        }
    }
}
