package io.pesan.inbox;

import java.time.Duration;

/**
 * What one inbox may hold, and for how long.
 *
 * @param maxMessages pending messages; 0: any number
 * @param maxBytes bytes of them in UTF-8: texts, senders' usernames and full names; 0: any number
 * @param maxTextBytes longest text that gateways are expected to let through, in bytes: the quota of bytes is exact as long as
 *     none is longer. Gateways may have other settings than this node: longer texts are counted, but shorter ones beside
 *     them only when they are many, so an inbox may come to take twice {@code maxBytes}, never more
 * @param retention messages that are older are removed; zero: none are
 * @param tagWindow how long a sender's tag keeps a repeat from being stored; zero: tags mean nothing
 */
public record InboxConfig(int maxMessages, long maxBytes, int maxTextBytes, Duration retention, Duration tagWindow) {

    public InboxConfig {
        if (maxMessages < 0) {
            throw new IllegalArgumentException("inbox.max-messages must not be negative, is " + maxMessages);
        }
        if (maxBytes < 0) {
            throw new IllegalArgumentException("inbox.max-bytes must not be negative, is " + maxBytes);
        }
        if (maxTextBytes < 1) {
            throw new IllegalArgumentException("gateway.max-line-bytes must be at least 1, is " + maxTextBytes);
        }
        if (retention.isNegative()) {
            throw new IllegalArgumentException("inbox.retention must not be negative, is " + retention);
        }
        if (tagWindow.isNegative()) {
            throw new IllegalArgumentException("inbox.idempotency-window must not be negative, is " + tagWindow);
        }
    }

    /** So many messages can't have more than {@link #maxBytes} bytes, however long they are up to what is expected. */
    long fewMessages() {
        return maxBytes / longestMessage();
    }

    /** Bytes of the longest message that is expected, as it is stored. */
    long longestMessage() {
        return (long) maxTextBytes + StoredText.MAX_OVERHEAD_BYTES;
    }
}
