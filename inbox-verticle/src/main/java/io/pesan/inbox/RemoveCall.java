package io.pesan.inbox;

import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;

/**
 * Removes messages from the head of an inbox.
 *
 * @param username whose inbox
 * @param lease of the hand-over that is confirmed, and ends with it; empty: nobody's
 * @param last up to and including which messages are removed
 */
record RemoveCall(Username username, String lease, MessageId last, Outcome outcome) implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(RemoveCall.class, "remove");

    /** More than the 4.6 s for which a gateway tries to send a batch. */
    private static final Duration REPEATABLE = Duration.ofSeconds(10);

    /** And as many again as one hand-over removes: some 100 KiB for a moment. */
    static final int MAX_REMEMBERED = 1_000;

    /** What becomes of the answer. */
    interface Outcome {
        /**
         * Takes note.
         *
         * @param removed how many messages; -1: the lease is another's
         */
        void settle(int removed, BatchResults results);
    }

    /** Removes what a hand-over delivered and ends its lease. */
    static RemoveCall confirm(int command, Username username, String lease, MessageId last) {
        return new RemoveCall(
                username,
                lease,
                last,
                (removed, results) -> results.settled(command, removed >= 0, Math.max(0, removed)));
    }

    /** Removes what a client acknowledged. */
    static RemoveCall acknowledge(int command, Username username, MessageId last) {
        return new RemoveCall(username, "", last, (removed, results) -> results.acked(command, removed));
    }

    /** Removes what waited for too long. Whoever asks for it takes the answer themselves: no command of a batch does. */
    static RemoveCall expire(Username username, MessageId last) {
        return new RemoveCall(username, "", last, (removed, results) -> {});
    }

    @Override
    public Request request() {
        List<String> keys = List.of(
                RedisKeys.inbox(username),
                RedisKeys.inboxCounted(username),
                RedisKeys.inboxLease(username),
                RedisKeys.inboxRemoved(username));
        return SCRIPT.call(keys, lease, last.toString(), last.next().toString(), REPEATABLE.toMillis(), MAX_REMEMBERED);
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        outcome.settle(answer.toInteger(), results);
    }
}
