package io.pesan.gateway;

import io.pesan.contract.protocol.MessageId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest message of each inbox that one event loop was told of. A notice can overtake the answer to the {@code listen}
 * that it is meant for: then nobody listens yet who could take it.
 *
 * <p>Knows {@value #MAX_INBOXES} inboxes; of those told of earlier it knows the newest message of all, and takes that for
 * theirs: ids grow with time, so nothing that was missed is overlooked.
 */
final class RecentArrivals {

    static final int MAX_INBOXES = 4_096;

    private final Map<String, MessageId> newest = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MessageId> eldest) {
            if (size() <= MAX_INBOXES) {
                return false;
            }
            forgotten = later(forgotten, eldest.getValue());
            return true;
        }
    };

    private MessageId forgotten = MessageId.NONE;

    /** A notice told of a message. */
    void told(String username, MessageId id) {
        newest.merge(username, id, RecentArrivals::later);
    }

    /** Whether a user's inbox may have had messages behind this one when it was told of. */
    boolean mayBeBehind(String username, MessageId seen) {
        return newest.getOrDefault(username, forgotten).compareTo(seen) > 0;
    }

    private static MessageId later(MessageId one, MessageId other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
