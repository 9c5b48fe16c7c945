package io.pesan.inbox;

import io.pesan.contract.bus.proto.ConfirmHandover;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.ReleaseHandover;
import io.pesan.contract.bus.proto.RenewHandover;
import io.pesan.contract.bus.proto.SendMessage;
import io.pesan.contract.bus.proto.TakeMessages;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Writes batches as a gateway does. */
final class Commands {

    private static final AtomicLong NUMBERS = new AtomicLong();

    private Commands() {}

    static InboxBatch batch(InboxCommand... commands) {
        return batch(List.of(commands));
    }

    static InboxBatch batch(List<InboxCommand> commands) {
        return InboxBatch.newBuilder()
                .setLane("lane")
                .setNumber(NUMBERS.incrementAndGet())
                .setDeadlineMs(Inboxes.NO_DEADLINE)
                .addAllCommands(commands)
                .build();
    }

    static InboxCommand send(int connection, String session, String recipient, String text) {
        SendMessage send = SendMessage.newBuilder()
                .setSession(session)
                .setRecipient(recipient)
                .setText(text)
                .build();
        return InboxCommand.newBuilder().setConnection(connection).setSend(send).build();
    }

    static InboxCommand take(int connection, String session, String lease) {
        TakeMessages take =
                TakeMessages.newBuilder().setSession(session).setLease(lease).build();
        return InboxCommand.newBuilder().setConnection(connection).setTake(take).build();
    }

    static InboxCommand confirm(int connection, String username, String lease, String lastId) {
        ConfirmHandover confirm = ConfirmHandover.newBuilder()
                .setUsername(username)
                .setLease(lease)
                .setLastId(lastId)
                .build();
        return InboxCommand.newBuilder()
                .setConnection(connection)
                .setConfirm(confirm)
                .build();
    }

    static InboxCommand release(int connection, String username, String lease) {
        ReleaseHandover release = ReleaseHandover.newBuilder()
                .setUsername(username)
                .setLease(lease)
                .build();
        return InboxCommand.newBuilder()
                .setConnection(connection)
                .setRelease(release)
                .build();
    }

    static InboxCommand renew(int connection, String username, String lease) {
        RenewHandover renew =
                RenewHandover.newBuilder().setUsername(username).setLease(lease).build();
        return InboxCommand.newBuilder()
                .setConnection(connection)
                .setRenew(renew)
                .build();
    }
}
