package io.pesan.inbox;

import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;

/** Removes what a hand-over delivered, up to and including {@code last}, and ends its lease. */
record ConfirmCall(int command, Username username, String lease, MessageId last, InboxConfig quota)
        implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(ConfirmCall.class, "confirm");

    /** More than the 4.6 s for which a gateway tries to send a batch. */
    private static final Duration REPEATABLE = Duration.ofSeconds(10);

    /** And as many again as one hand-over removes: some 100 KiB for a moment. */
    static final int MAX_REMEMBERED = 1_000;

    @Override
    public Request request() {
        List<String> keys = List.of(
                RedisKeys.inbox(username),
                RedisKeys.inboxBytes(username),
                RedisKeys.inboxLease(username),
                RedisKeys.inboxRemoved(username));
        return SCRIPT.call(
                keys,
                lease,
                last.toString(),
                following(last).toString(),
                quota.fewMessages(),
                REPEATABLE.toMillis(),
                MAX_REMEMBERED);
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        int removed = answer.toInteger();
        results.settled(command, removed >= 0, Math.max(0, removed));
    }

    /** Computed here and not in the script: its numbers are floating-point and lose the last digits of large ones. */
    private static MessageId following(MessageId id) {
        return id.sequence() == Long.MAX_VALUE
                ? new MessageId(id.millis() + 1, 0)
                : new MessageId(id.millis(), id.sequence() + 1);
    }
}
