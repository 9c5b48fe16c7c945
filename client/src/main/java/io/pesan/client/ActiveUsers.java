package io.pesan.client;

import io.pesan.contract.protocol.Username;
import java.util.List;
import java.util.Optional;

/**
 * Who is online.
 *
 * @param usernames in the order in which their oldest live session began
 * @param next asks for those that follow; empty if these were all
 */
public record ActiveUsers(List<Username> usernames, Optional<String> next) {

    public ActiveUsers {
        usernames = List.copyOf(usernames);
    }
}
