package io.pesan.session;

/** Is told what happens in a session verticle, on its event loop. Every method does nothing unless it is overridden. */
public interface SessionMetrics {

    /** For nobody who counts. */
    SessionMetrics NONE = new SessionMetrics() {};

    /** How a log-in ended. */
    enum LoginOutcome {
        OK,
        USER_UNKNOWN,
        PASSWORD_WRONG,
        AUTH_THROTTLED,
        UNAVAILABLE
    }

    /** A log-in was answered. Where errors are uniform an unknown user counts as a wrong password. */
    default void loggedIn(LoginOutcome outcome) {}

    /** A password was hashed, which took so long. */
    default void hashed(long nanos) {}

    /** So many password hashes are waiting for a worker now. */
    default void hashesWaiting(int count) {}

    /** So many users of the whole service have a live session; told every few seconds. */
    default void activeUsers(long count) {}

    /** An account was removed, and with it so many pending messages. */
    default void accountRemoved(long messages) {}
}
