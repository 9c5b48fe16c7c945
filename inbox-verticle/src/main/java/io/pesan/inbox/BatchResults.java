package io.pesan.inbox;

import io.pesan.contract.bus.proto.HandoverSettled;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.Sent;
import io.pesan.contract.bus.proto.Taken;
import org.jspecify.annotations.Nullable;

/** What has become of each command of a batch, by the command's place in it. */
final class BatchResults {

    private static final InboxResult UNAVAILABLE = refused(Refusal.UNAVAILABLE);
    private static final InboxResult SESSION_UNKNOWN = refused(Refusal.SESSION_UNKNOWN);
    private static final InboxResult RECIPIENT_UNKNOWN = refused(Refusal.RECIPIENT_UNKNOWN);
    private static final InboxResult INBOX_FULL = refused(Refusal.INBOX_FULL);

    private final @Nullable InboxResult[] results;
    private long redisMillis;

    BatchResults(int commands) {
        this.results = new InboxResult[commands];
    }

    /** Takes note of what Redis's clock shows. */
    void clock(long millis) {
        redisMillis = millis;
    }

    boolean isSettled(int command) {
        return results[command] != null;
    }

    void sent(int command, String id) {
        results[command] =
                InboxResult.newBuilder().setSent(Sent.newBuilder().setId(id)).build();
    }

    void taken(int command, Taken taken) {
        results[command] = InboxResult.newBuilder().setTaken(taken).build();
    }

    void settled(int command, boolean held, int removed) {
        HandoverSettled settled =
                HandoverSettled.newBuilder().setHeld(held).setRemoved(removed).build();
        results[command] = InboxResult.newBuilder().setSettled(settled).build();
    }

    void unavailable(int command) {
        results[command] = UNAVAILABLE;
    }

    void sessionUnknown(int command) {
        results[command] = SESSION_UNKNOWN;
    }

    void recipientUnknown(int command) {
        results[command] = RECIPIENT_UNKNOWN;
    }

    void inboxFull(int command) {
        results[command] = INBOX_FULL;
    }

    /** A command of which nothing is known was not carried out as far as anybody can tell: unavailable. */
    InboxBatchReply reply() {
        InboxBatchReply.Builder reply = InboxBatchReply.newBuilder().setRedisMs(redisMillis);
        for (InboxResult result : results) {
            reply.addResults(result == null ? UNAVAILABLE : result);
        }
        return reply.build();
    }

    private static InboxResult refused(Refusal reason) {
        return InboxResult.newBuilder()
                .setRefused(Refused.newBuilder().setReason(reason))
                .build();
    }
}
