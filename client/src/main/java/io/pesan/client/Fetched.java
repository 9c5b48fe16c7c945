package io.pesan.client;

import java.util.List;

/**
 * A part of an inbox, oldest first.
 *
 * @param more whether others follow: fetch after the last one's id
 */
public record Fetched(List<Message> messages, boolean more) {

    public Fetched {
        messages = List.copyOf(messages);
    }
}
