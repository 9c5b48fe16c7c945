package io.pesan.client;

import io.pesan.contract.protocol.Username;

/**
 * A message as {@code inbox} delivers it.
 *
 * @param sender who sent it
 * @param fromName the sender's full name
 * @param toName the recipient's full name
 * @param text anything a person can type, and more: not fit to be shown on a terminal as it is
 */
public record InboxMessage(Username sender, String fromName, String toName, String text) {

    /** Shows no text. */
    @Override
    public String toString() {
        return "InboxMessage[" + sender + "]";
    }
}
