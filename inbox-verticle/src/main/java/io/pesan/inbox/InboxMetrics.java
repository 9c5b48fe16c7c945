package io.pesan.inbox;

/**
 * Is told what happens to messages in one inbox verticle, on its event loop. Every method does nothing unless it is
 * overridden.
 *
 * <p>What counts is Redis's answer to the call that did it. Of a call that Redis answers late or not at all nothing is
 * told, even if it took effect; nor by a batch that is sent again and finds a message stored: its first sending told it.
 */
public interface InboxMetrics {

    /** For nobody who counts. */
    InboxMetrics NONE = new InboxMetrics() {};

    /** Why messages left an inbox. */
    enum Removal {
        /** Acknowledged by the client. */
        ACK,
        /** The hand-over of an {@code inbox} reply was confirmed. */
        INBOX,
        /** They waited for longer than they may. */
        RETENTION
    }

    /** Why a message was not stored. */
    enum Rejection {
        INBOX_FULL,
        RECIPIENT_UNKNOWN,
        TAG_REUSED,
        /** The batch's time was up when Redis came to it. */
        LATE
    }

    /** A message was stored. */
    default void accepted() {}

    /** A message was refused. */
    default void rejected(Rejection reason) {}

    /** A message whose tag and text are known was not stored again. */
    default void duplicateSuppressed() {}

    /** So many messages left an inbox; may be none. */
    default void removed(Removal reason, long messages) {}
}
