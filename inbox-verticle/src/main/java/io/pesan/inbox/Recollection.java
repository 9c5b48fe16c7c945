package io.pesan.inbox;

import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.SendMessage;
import io.pesan.contract.protocol.Username;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The calls that find out what a batch that is sent again did before: one for each recipient.
 *
 * <p>It must be over by then: the gateway sends a batch again only after its first deadline, beyond which Redis stores
 * nothing of it.
 */
final class Recollection {

    private Recollection() {}

    static List<InboxCall> calls(InboxBatch batch, InboxConfig config) {
        BatchTag tag = BatchTag.of(batch);
        Map<String, RecallCall> calls = new LinkedHashMap<>();
        for (int i = 0; i < batch.getCommandsCount(); i++) {
            SendMessage send = batch.getCommands(i).getSend();
            if (batch.getCommands(i).hasSend() && Username.isValid(send.getRecipient())) {
                calls.computeIfAbsent(
                                send.getRecipient(),
                                recipient -> new RecallCall(new Username(recipient), batch.getFirstSentMs()))
                        .add(
                                i,
                                tag.of(i),
                                !send.getTag().isEmpty() && !config.tagWindow().isZero());
            }
        }
        return List.copyOf(calls.values());
    }

    /**
     * Gives up messages that were not stored though a later one of the same connection to the same recipient was: its sender
     * may know that, and messages stay in order.
     */
    static void keepOrder(InboxBatch batch, BatchResults results) {
        Set<String> stored = new HashSet<>();
        for (int i = batch.getCommandsCount() - 1; i >= 0; i--) {
            InboxCommand command = batch.getCommands(i);
            if (command.hasSend()) {
                String way = command.getConnection() + " " + command.getSend().getRecipient();
                if (results.isSettled(i)) {
                    stored.add(way);
                } else if (stored.contains(way)) {
                    results.unavailable(i);
                }
            }
        }
    }
}
