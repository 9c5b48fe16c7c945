package io.pesan.redis;

import io.pesan.contract.protocol.Username;
import java.util.List;

/**
 * The names of all keys: the one place where they are written down. What stands in braces is the hash tag: keys that one
 * script touches share it, so that they lie on one node of a Redis Cluster.
 */
public final class RedisKeys {

    /** All accounts' names: a sorted set in which every score is 0, so that it is in the names' byte order. */
    public static final String ACCOUNT_INDEX = "pesan:{accounts}:index";

    /** Users with a live session: sorted by the start of their oldest live session, in microseconds since 1970. */
    public static final String ACTIVE_USERS = "pesan:{active}:users";

    /** When each active user's sessions are to be looked at again: sorted by milliseconds since 1970. */
    public static final String ACTIVE_DUE = "pesan:{active}:due";

    /** Held by the node that looks for expired sessions. */
    public static final String SWEEP_LEASE = "pesan:{active}:sweep";

    /** Hash, {@code after} and {@code due} (ms): how far the search for expired messages has come. */
    public static final String RETENTION_SWEEP = "pesan:{accounts}:retention";

    private RedisKeys() {}

    /** Hash: {@code name}, {@code password} (PHC string), {@code generation}, {@code created} (ms). */
    public static String account(Username user) {
        return ofUser(user, "account");
    }

    /** Sorted set of the user's live sessions' hashes, by start in microseconds since 1970. */
    public static String userSessions(Username user) {
        return ofUser(user, "sessions");
    }

    /** Set of hashes of sessions that are to end: their session keys may still have to be deleted. */
    public static String endingSessions(Username user) {
        return ofUser(user, "ending");
    }

    /** Stream of the user's pending messages, one field {@code m} each: tag, sender, sender's full name and text. */
    public static String inbox(Username user) {
        return ofUser(user, "inbox");
    }

    /** Bytes of the oldest pending messages, and how many those are; of none unless their quota might have been used up. */
    public static String inboxCounted(Username user) {
        return ofUser(user, "counted");
    }

    /** Name of the hand-over that holds the inbox, with Redis's expiry. */
    public static String inboxLease(Username user) {
        return ofUser(user, "lease");
    }

    /** Hash: ids by tags of messages that were removed soon after they had been stored, with Redis's expiry. */
    public static String inboxRemoved(Username user) {
        return ofUser(user, "removed");
    }

    /** Sorted set of the gateways that hold listening connections of the user, by when that lapses (ms since 1970). */
    public static String listeners(Username user) {
        return ofUser(user, "listeners");
    }

    /** Hash: which message was sent under which tag; the tags of now. Rotated to {@link #tagsBefore}. */
    public static String tags(Username user) {
        return ofUser(user, "tags");
    }

    /** The tags of before, with Redis's expiry. */
    public static String tagsBefore(Username user) {
        return ofUser(user, "tags-before");
    }

    /** Every key of a user's inbox that goes with the account; {@link #listeners} lapses by itself, and is told first. */
    public static List<String> allOfInbox(Username user) {
        return List.of(
                inbox(user), inboxCounted(user), inboxLease(user), inboxRemoved(user), tags(user), tagsBefore(user));
    }

    /** The session, with Redis's expiry. See {@link Session}. */
    public static String session(String sessionHash) {
        return "pesan:{" + sessionHash + "}:session";
    }

    /**
     * Written behind a batch, to be the last of what replicas must have; see {@link ReplicatedLink}. Gone within a second.
     *
     * @param key the mark gets its hash tag, so that it goes to the same server
     */
    static String mark(String key) {
        return key.substring(0, key.indexOf('}') + 1).concat(":mark");
    }

    private static String ofUser(Username user, String what) {
        return "pesan:{" + user.value() + "}:" + what;
    }
}
