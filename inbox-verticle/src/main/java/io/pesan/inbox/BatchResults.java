package io.pesan.inbox;

import io.pesan.contract.bus.proto.Acked;
import io.pesan.contract.bus.proto.Arrival;
import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.bus.proto.HandoverSettled;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Listening;
import io.pesan.contract.bus.proto.ListeningStopped;
import io.pesan.contract.bus.proto.MessagePage;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.Sent;
import io.pesan.contract.bus.proto.Taken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has become of each command of a batch, by the command's place in it. */
final class BatchResults {

    private static final InboxResult UNAVAILABLE = refused(Refusal.UNAVAILABLE);
    private static final InboxResult SESSION_UNKNOWN = refused(Refusal.SESSION_UNKNOWN);
    private static final InboxResult RECIPIENT_UNKNOWN = refused(Refusal.RECIPIENT_UNKNOWN);
    private static final InboxResult INBOX_FULL = refused(Refusal.INBOX_FULL);
    private static final InboxResult TAG_REUSED = refused(Refusal.TAG_REUSED);
    private static final InboxResult LISTENING_STOPPED = InboxResult.newBuilder()
            .setListeningStopped(ListeningStopped.getDefaultInstance())
            .build();

    private final @Nullable InboxResult[] results;
    private final InboxMetrics metrics;
    private final Map<String, GatewayNotice.Builder> notices = new LinkedHashMap<>(0);
    private long redisMillis;

    /** @param metrics is told what became of messages */
    BatchResults(int commands, InboxMetrics metrics) {
        this.metrics = metrics;
        this.results = new InboxResult[commands];
    }

    /** Takes note of what Redis's clock shows. */
    void clock(long millis) {
        redisMillis = millis;
    }

    int commands() {
        return results.length;
    }

    boolean isSettled(int command) {
        return results[command] != null;
    }

    /** The message was stored by this batch, now. */
    void stored(int command, String id) {
        metrics.accepted();
        sent(command, id);
    }

    /** The message is stored: by this batch, or when it was sent before. */
    void sent(int command, String id) {
        results[command] =
                InboxResult.newBuilder().setSent(Sent.newBuilder().setId(id)).build();
    }

    /** The message's tag was used before, for the same text: its id is that of then. */
    void sentBefore(int command, String id) {
        metrics.duplicateSuppressed();
        results[command] = InboxResult.newBuilder()
                .setSent(Sent.newBuilder().setId(id).setDuplicate(true))
                .build();
    }

    void tagReused(int command) {
        metrics.rejected(InboxMetrics.Rejection.TAG_REUSED);
        results[command] = TAG_REUSED;
    }

    void page(int command, MessagePage page) {
        results[command] = InboxResult.newBuilder().setPage(page).build();
    }

    void acked(int command, int removed) {
        metrics.removed(InboxMetrics.Removal.ACK, removed);
        results[command] = InboxResult.newBuilder()
                .setAcked(Acked.newBuilder().setRemoved(removed))
                .build();
    }

    void listening(int command, Listening listening) {
        results[command] = InboxResult.newBuilder().setListening(listening).build();
    }

    void listeningStopped(int command) {
        results[command] = LISTENING_STOPPED;
    }

    /** Messages came to an inbox; these gateways are to be told. */
    void arrived(List<String> gateways, Arrival arrival) {
        for (String gateway : gateways) {
            notices.computeIfAbsent(gateway, name -> GatewayNotice.newBuilder().setGateway(name))
                    .addArrivals(arrival);
        }
    }

    /** What gateways are to be told, one notice for each. */
    List<GatewayNotice> notices() {
        return notices.isEmpty()
                ? List.of()
                : notices.values().stream().map(GatewayNotice.Builder::build).toList();
    }

    void taken(int command, Taken taken) {
        results[command] = InboxResult.newBuilder().setTaken(taken).build();
    }

    void settled(int command, boolean held, int removed) {
        metrics.removed(InboxMetrics.Removal.INBOX, removed);
        HandoverSettled settled =
                HandoverSettled.newBuilder().setHeld(held).setRemoved(removed).build();
        results[command] = InboxResult.newBuilder().setSettled(settled).build();
    }

    /** Redis came to the message when its batch's time was up. */
    void late(int command) {
        metrics.rejected(InboxMetrics.Rejection.LATE);
        unavailable(command);
    }

    void unavailable(int command) {
        results[command] = UNAVAILABLE;
    }

    void sessionUnknown(int command) {
        results[command] = SESSION_UNKNOWN;
    }

    void recipientUnknown(int command) {
        metrics.rejected(InboxMetrics.Rejection.RECIPIENT_UNKNOWN);
        results[command] = RECIPIENT_UNKNOWN;
    }

    void inboxFull(int command) {
        metrics.rejected(InboxMetrics.Rejection.INBOX_FULL);
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
