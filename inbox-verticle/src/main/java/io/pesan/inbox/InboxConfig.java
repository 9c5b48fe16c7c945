package io.pesan.inbox;

/**
 * Quota of one inbox.
 *
 * @param maxMessages pending messages; 0: any number
 * @param maxBytes bytes of their texts in UTF-8; 0: any number
 */
public record InboxConfig(int maxMessages, long maxBytes) {

    public InboxConfig {
        if (maxMessages < 0) {
            throw new IllegalArgumentException("inbox.max-messages must not be negative, is " + maxMessages);
        }
        if (maxBytes < 0) {
            throw new IllegalArgumentException("inbox.max-bytes must not be negative, is " + maxBytes);
        }
    }
}
