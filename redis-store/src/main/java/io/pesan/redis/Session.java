package io.pesan.redis;

import io.pesan.contract.protocol.Username;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A live session, as its key in Redis holds it: six lines of text, the first of which is the format's version.
 *
 * <p>The key's own expiry is the session's: it is pushed on when the session is used, but only after a sixteenth of the
 * idle time-out has passed since the last time, so a session lives between once and 17/16 times its idle time-out after
 * its last use, and never past {@code endsAtMillis}.
 *
 * @param hash the token's hash, which names the session
 * @param username whose it is
 * @param name the user's full name
 * @param idleMillis how long it lives without being used; 0: for ever
 * @param endsAtMillis when it ends in any case, in Redis's clock; 0: never
 * @param touchedAtMillis when its expiry was last pushed on, in Redis's clock
 */
public record Session(
        String hash, Username username, String name, long idleMillis, long endsAtMillis, long touchedAtMillis) {

    private static final String VERSION = "1";
    private static final int TOUCHES_PER_IDLE_TIME = 16;

    /** A session that begins now. */
    public static Session begin(
            String hash, Username username, String name, Duration idle, Duration lifetime, long nowMillis) {
        long endsAt = lifetime.isZero() ? 0 : nowMillis + lifetime.toMillis();
        return new Session(hash, username, name, idle.toMillis(), endsAt, nowMillis);
    }

    /** What is stored under the session's key. */
    public String encode() {
        return String.join(
                "\n",
                VERSION,
                username.value(),
                name,
                Long.toString(idleMillis),
                Long.toString(endsAtMillis),
                Long.toString(touchedAtMillis));
    }

    /** Reads what {@link #encode} wrote; null if it is of a format that this release does not know. */
    static @Nullable Session decode(String hash, String stored) {
        String[] lines = stored.split("\n", -1);
        if (lines.length < 6 || !lines[0].equals(VERSION)) {
            return null;
        }
        return new Session(
                hash,
                new Username(lines[1]),
                lines[2],
                Long.parseLong(lines[3]),
                Long.parseLong(lines[4]),
                Long.parseLong(lines[5]));
    }

    /** The expiry to give the key at this moment, in milliseconds; 0: none. Negative: it has ended. */
    public long expiryMillis(long nowMillis) {
        long idle = idleMillis == 0 ? 0 : idleMillis + idleMillis / TOUCHES_PER_IDLE_TIME;
        if (endsAtMillis == 0) {
            return idle;
        }
        long left = endsAtMillis - nowMillis;
        if (left <= 0) {
            return -1;
        }
        return idle == 0 ? left : Math.min(idle, left);
    }

    boolean isTouchDue(long nowMillis) {
        return idleMillis > 0 && nowMillis - touchedAtMillis >= idleMillis / TOUCHES_PER_IDLE_TIME;
    }

    Session touchedAt(long nowMillis) {
        return new Session(hash, username, name, idleMillis, endsAtMillis, nowMillis);
    }
}
