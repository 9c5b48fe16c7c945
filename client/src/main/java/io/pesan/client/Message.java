package io.pesan.client;

import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import java.time.Instant;

/**
 * A message as {@code fetch} and {@code listen} deliver it: it stays in the inbox until it is acknowledged.
 *
 * @param id its name within the inbox; of two messages the later one has the greater id
 * @param from who sent it
 * @param fromName the sender's full name
 * @param to whose inbox it is in
 * @param text anything a person can type, and more: not fit to be shown on a terminal as it is
 * @param at when it was stored, to the millisecond
 */
public record Message(MessageId id, Username from, String fromName, Username to, String text, Instant at) {

    /** Shows no text. */
    @Override
    public String toString() {
        return "Message[" + id + ", " + from + "]";
    }
}
