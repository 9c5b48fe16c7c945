package io.pesan.inbox;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisScript;
import io.pesan.redis.RedisUnavailableException;
import io.pesan.redis.SessionLookup;
import io.pesan.redis.SessionLookup.Found;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Carries out batches, each in two round trips to Redis: the first resolves all sessions and reads Redis's clock, the
 * second is every script call in one write. A batch in which nothing depends on a session skips the first.
 *
 * <p>When Redis can't be reached, the commands whose outcome is unknown are answered as unavailable; a batch's future
 * fails only by a bug.
 *
 * <p>Owned by its verticle's event loop; batches overlap.
 */
final class BatchProcessor {

    /** What a link needs for this processor. */
    static final List<RedisScript> SCRIPTS =
            List.of(AppendCall.SCRIPT, TakeCall.SCRIPT, ConfirmCall.SCRIPT, ReleaseCall.SCRIPT, RenewCall.SCRIPT);

    private static final Found NOBODY = new Found(0, Map.of());

    private final RedisLink link;
    private final SessionLookup lookup;
    private final InboxConfig quota;
    private final Promise<Void> finished = Promise.promise();
    private int underWay;
    private boolean finishing;

    BatchProcessor(RedisLink link, InboxConfig quota) {
        this.link = link;
        this.lookup = new SessionLookup(link);
        this.quota = quota;
    }

    Future<InboxBatchReply> process(InboxBatch batch) {
        long arrivedNanos = System.nanoTime();
        BatchResults results = new BatchResults(batch.getCommandsCount());
        underWay++;
        return findSessions(batch)
                .compose(found -> carryOut(batch, found, arrivedNanos, results))
                .recover(BatchProcessor::leaveUnknown)
                .map(carriedOut -> results.reply())
                .onComplete(reply -> leave());
    }

    /** Succeeds once no batch is under way any more; to be called after the last batch has come in. */
    Future<Void> finish() {
        finishing = true;
        if (underWay == 0) {
            finished.tryComplete();
        }
        return finished.future();
    }

    private void leave() {
        underWay--;
        if (finishing && underWay == 0) {
            finished.tryComplete();
        }
    }

    private Future<Found> findSessions(InboxBatch batch) {
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < batch.getCommandsCount(); i++) {
            InboxCommand command = batch.getCommands(i);
            if (command.hasSend()) {
                hashes.add(command.getSend().getSession());
            } else if (command.hasTake()) {
                hashes.add(command.getTake().getSession());
            }
        }
        return hashes.isEmpty() ? Future.succeededFuture(NOBODY) : lookup.find(hashes);
    }

    private Future<Void> carryOut(InboxBatch batch, Found found, long arrivedNanos, BatchResults results) {
        // Longer than it really was for Redis's clock, which was read before the answer came: the deadline is never
        // late.
        long elapsedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - arrivedNanos) + 1;
        long leftMillis = budgetMillis(batch) - elapsedMillis;
        if (leftMillis <= 0) {
            // Nobody waits for the reply any more.
            return Future.succeededFuture();
        }
        BatchPlan plan = new BatchPlan(found.sessions(), quota, found.nowMillis() + leftMillis, results);
        plan.addAll(batch);
        return call(plan.calls(), results);
    }

    private Future<Void> call(List<InboxCall> calls, BatchResults results) {
        if (calls.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Request> requests = new ArrayList<>(calls.size());
        for (InboxCall call : calls) {
            requests.add(call.request());
        }
        return link.batch(requests).map(answers -> {
            for (int i = 0; i < answers.size(); i++) {
                calls.get(i).settle(answers.get(i), results);
            }
            return null;
        });
    }

    private static long budgetMillis(InboxBatch batch) {
        long most = Routes.INBOX.timeout().toMillis();
        int budget = batch.getBudgetMs();
        return budget > 0 ? Math.min(budget, most) : most;
    }

    /** What has no result yet when the reply is made counts as unavailable. */
    private static Future<Void> leaveUnknown(Throwable failure) {
        return failure instanceof RedisUnavailableException ? Future.succeededFuture() : Future.failedFuture(failure);
    }
}
