package io.pesan.session;

import io.pesan.contract.protocol.ActiveUsersCursor;
import java.util.ArrayList;
import java.util.List;

/** Collects at most {@code limit} active users that come after a cursor, and whether there are more. */
final class ActiveUsersPage {

    private final ActiveUsersCursor after;
    private final int limit;
    private final List<String> usernames = new ArrayList<>();
    private ActiveUsersCursor last;
    private boolean more;

    ActiveUsersPage(ActiveUsersCursor after, int limit) {
        this.after = after;
        this.limit = limit;
        this.last = after;
    }

    /** Takes the next user in the order of the set; passes over those that do not come after the last one taken. */
    void offer(long start, String username) {
        ActiveUsersCursor user = new ActiveUsersCursor(start, username);
        if (!last.isBefore(user)) {
            return;
        }
        if (usernames.size() == limit) {
            more = true;
            return;
        }
        usernames.add(username);
        last = user;
    }

    boolean isFull() {
        return more;
    }

    ActiveUsersCursor after() {
        return after;
    }

    int limit() {
        return limit;
    }

    List<String> usernames() {
        return usernames;
    }

    /** Where the next page begins; empty if this is the last. */
    String next() {
        return more ? last.encode() : "";
    }
}
