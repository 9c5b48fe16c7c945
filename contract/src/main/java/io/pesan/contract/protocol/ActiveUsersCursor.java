package io.pesan.contract.protocol;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page of active users ended: at this user, whose oldest session began then. The user need not be there any more.
 *
 * @param start in microseconds since 1970
 * @param username empty: before everybody of that start
 */
public record ActiveUsersCursor(long start, String username) {

    /** Before everybody. */
    public static final ActiveUsersCursor START = new ActiveUsersCursor(0, "");

    private static final Pattern FORMAT = Pattern.compile("(\\d{1,17}):(.+)");

    /** Reads what {@link #encode} wrote; the empty string is the start. Empty if it is neither. */
    public static Optional<ActiveUsersCursor> parse(String text) {
        if (text.isEmpty()) {
            return Optional.of(START);
        }
        Matcher fields = FORMAT.matcher(text);
        if (!fields.matches() || !Username.isValid(fields.group(2))) {
            return Optional.empty();
        }
        return Optional.of(new ActiveUsersCursor(Long.parseLong(fields.group(1)), fields.group(2)));
    }

    /** One word without spaces, of characters that mean nothing in a URL's query. */
    public String encode() {
        return start + ":" + username;
    }

    public boolean isBefore(ActiveUsersCursor other) {
        return start < other.start || (start == other.start && username.compareTo(other.username) < 0);
    }
}
