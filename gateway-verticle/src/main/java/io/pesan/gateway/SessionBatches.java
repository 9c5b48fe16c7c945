package io.pesan.gateway;

import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.SessionBatch;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import java.util.List;

/** Batches for the session service. What they ask for may be asked twice. */
final class SessionBatches
        implements BatchKind<SessionCommand.Builder, SessionBatch, SessionBatchReply, SessionResult> {

    private final SessionResult unavailable;

    SessionBatches(Refused unavailable) {
        this.unavailable = SessionResult.newBuilder().setRefused(unavailable).build();
    }

    @Override
    public void setConnection(SessionCommand.Builder command, int ordinal) {
        command.setConnection(ordinal);
    }

    @Override
    public SessionBatch batch(List<SessionCommand.Builder> commands, Stamp stamp) {
        SessionBatch.Builder batch = SessionBatch.newBuilder()
                .setLane(stamp.lane())
                .setNumber(stamp.number())
                .setBudgetMs(stamp.budgetMillis())
                .setRepeated(stamp.repeated());
        for (SessionCommand.Builder command : commands) {
            batch.addCommands(command.build());
        }
        return batch.build();
    }

    @Override
    public List<SessionResult> results(SessionBatchReply reply) {
        return reply.getResultsList();
    }

    @Override
    public long redisMillis(SessionBatchReply reply) {
        return reply.getRedisMs();
    }

    @Override
    public SessionResult unavailable() {
        return unavailable;
    }

    @Override
    public boolean needsDeadline() {
        return false;
    }
}
