package io.pesan.contract.protocol;

import java.util.Comparator;
import java.util.Optional;

/**
 * Names one message within one inbox: Redis's stream id. Ids of one inbox only grow, in the order of the two numbers.
 *
 * @param millis Redis's clock when the message was stored, in milliseconds since 1970, never running backwards
 * @param sequence tells messages of the same millisecond apart
 */
public record MessageId(long millis, long sequence) implements Comparable<MessageId> {

    /** Less than the id of any message. */
    public static final MessageId NONE = new MessageId(0, 0);

    private static final Comparator<MessageId> ORDER =
            Comparator.comparingLong(MessageId::millis).thenComparingLong(MessageId::sequence);

    public MessageId {
        if (millis < 0 || sequence < 0) {
            throw new IllegalArgumentException("a message id has no negative parts");
        }
    }

    /** Reads {@code <millis>-<sequence>}; empty if it isn't of that form. */
    public static Optional<MessageId> parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 1
                || dash == text.length() - 1
                || !isDigits(text, 0, dash)
                || !isDigits(text, dash + 1, text.length())) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new MessageId(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1))));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    private static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** The least id that is greater; of the greatest, itself. */
    public MessageId next() {
        if (sequence < Long.MAX_VALUE) {
            return new MessageId(millis, sequence + 1);
        }
        return millis < Long.MAX_VALUE ? new MessageId(millis + 1, 0) : this;
    }

    @Override
    public int compareTo(MessageId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return millis + "-" + sequence;
    }
}
