package io.pesan.client;

import io.pesan.contract.protocol.MessageId;
import java.util.Optional;

/**
 * A message was stored.
 *
 * @param id its name within the recipient's inbox; empty if the server doesn't tell
 * @param duplicate it had been stored before, under the same tag
 */
public record Sent(Optional<MessageId> id, boolean duplicate) {}
