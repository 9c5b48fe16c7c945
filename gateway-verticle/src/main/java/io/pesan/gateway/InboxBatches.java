package io.pesan.gateway;

import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Refused;
import java.util.List;

/** Batches for the inbox service. */
final class InboxBatches implements BatchKind<InboxCommand.Builder, InboxBatch, InboxBatchReply, InboxResult> {

    private final InboxResult unavailable;

    InboxBatches(Refused unavailable) {
        this.unavailable = InboxResult.newBuilder().setRefused(unavailable).build();
    }

    @Override
    public void setConnection(InboxCommand.Builder command, int ordinal) {
        command.setConnection(ordinal);
    }

    @Override
    public InboxBatch batch(List<InboxCommand.Builder> commands, Stamp stamp) {
        InboxBatch.Builder batch = InboxBatch.newBuilder()
                .setLane(stamp.lane())
                .setNumber(stamp.number())
                .setBudgetMs(stamp.budgetMillis())
                .setDeadlineMs(stamp.deadlineMillis())
                .setFirstSentMs(stamp.firstSentMillis());
        for (InboxCommand.Builder command : commands) {
            batch.addCommands(command.build());
        }
        return batch.build();
    }

    @Override
    public List<InboxResult> results(InboxBatchReply reply) {
        return reply.getResultsList();
    }

    @Override
    public long redisMillis(InboxBatchReply reply) {
        return reply.getRedisMs();
    }

    @Override
    public InboxResult unavailable() {
        return unavailable;
    }

    @Override
    public boolean needsDeadline() {
        return true;
    }
}
