package io.pesan.inbox;

import io.pesan.contract.bus.GatewayNotices;
import io.pesan.contract.bus.NotBegunException;
import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.redis.Outcome;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisLinks;
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

/**
 * Carries out batches, each in two round trips to Redis: the first resolves all sessions and reads Redis's clock, the
 * second is every script call in one write. A batch in which nothing depends on a session skips the first. One that is sent
 * again takes a third, in between: it finds out what it stored before, and leaves that alone.
 *
 * <p>A batch that comes while there is no connection to Redis is not begun ({@link NotBegunException}). When Redis goes away
 * after that, the commands whose outcome is unknown are answered as unavailable; otherwise a batch's future fails only by a
 * bug.
 *
 * <p>Owned by its verticle's event loop; batches overlap.
 */
final class BatchProcessor {

    /** What a link needs for this processor. */
    static final List<RedisScript> SCRIPTS = List.of(
            AppendCall.SCRIPT,
            RecallCall.SCRIPT,
            TakeCall.SCRIPT,
            ReadCall.SCRIPT,
            ListenCall.SCRIPT,
            StopListeningCall.SCRIPT,
            RemoveCall.SCRIPT,
            ReleaseCall.SCRIPT,
            RenewCall.SCRIPT);

    private static final Found NOBODY = new Found(0, Map.of());

    private final RedisLinks links;
    private final GatewayNotices notices;
    private final SessionLookup lookup;
    private final InboxConfig config;
    private final InboxMetrics metrics;
    private final Promise<Void> finished = Promise.promise();
    private int underWay;
    private boolean finishing;

    /** @param notices by which gateways are told of new messages */
    BatchProcessor(RedisLinks links, InboxConfig config, GatewayNotices notices, InboxMetrics metrics) {
        this.metrics = metrics;
        this.links = links;
        this.notices = notices;
        this.lookup = new SessionLookup(links.plain());
        this.config = config;
    }

    Future<InboxBatchReply> process(InboxBatch batch) {
        if (!links.isConnected()) {
            return Future.failedFuture(new NotBegunException("no connection to Redis"));
        }
        BatchResults results = new BatchResults(batch.getCommandsCount(), metrics);
        underWay++;
        return findSessions(batch)
                .compose(found -> carryOut(batch, found, results))
                .recover(BatchProcessor::leaveUnknown)
                .map(carriedOut -> {
                    results.notices().forEach(notices::tell);
                    return results.reply();
                })
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
            String session = session(batch.getCommands(i));
            if (!session.isEmpty()) {
                hashes.add(session);
            }
        }
        // Without a command it is the clock that the gateway asks for.
        return hashes.isEmpty() && batch.getCommandsCount() > 0 ? Future.succeededFuture(NOBODY) : lookup.find(hashes);
    }

    /** Hash of the session on which the command depends; empty: on none. */
    private static String session(InboxCommand command) {
        return switch (command.getOperationCase()) {
            case SEND -> command.getSend().getSession();
            case TAKE -> command.getTake().getSession();
            case READ -> command.getRead().getSession();
            case ACK -> command.getAck().getSession();
            case LISTEN -> command.getListen().getSession();
            case CONFIRM, RELEASE, RENEW, STOP_LISTENING, OPERATION_NOT_SET -> "";
        };
    }

    private Future<Void> carryOut(InboxBatch batch, Found found, BatchResults results) {
        results.clock(found.nowMillis());
        // Nobody waits for the reply any more, or the batch has been sent again: it was on its way for too long, or
        // this
        // node was frozen. The scripts that store look at the clock once more.
        long deadlineMillis = deadlineMillis(batch, found);
        if (found.nowMillis() > deadlineMillis) {
            return Future.succeededFuture();
        }
        BatchPlan plan = new BatchPlan(found, config, deadlineMillis, BatchTag.of(batch), results);
        return batch.getFirstSentMs() == 0
                ? call(plan.addAll(batch).calls(), results)
                : call(Recollection.calls(batch, config), results).compose(recalled -> {
                    Recollection.keepOrder(batch, results);
                    return call(plan.addAll(batch).calls(), results);
                });
    }

    /** A gateway that does not know Redis's clock only says how long it waits. */
    private static long deadlineMillis(InboxBatch batch, Found found) {
        return batch.getDeadlineMs() == 0
                ? found.nowMillis()
                        + Math.min(batch.getBudgetMs(), Routes.INBOX.timeout().toMillis())
                : batch.getDeadlineMs();
    }

    /** What replicas have to have goes where that is waited for, and with it what must stay in order with it. */
    private Future<Void> call(List<InboxCall> calls, BatchResults results) {
        if (calls.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Request> requests = new ArrayList<>(calls.size());
        boolean promising = false;
        for (InboxCall call : calls) {
            requests.add(call.request());
            promising |= call.isPromise();
        }
        RedisLink link = promising ? links.kept() : links.plain();
        return link.each(requests).map(outcomes -> {
            for (int i = 0; i < outcomes.size(); i++) {
                settle(calls.get(i), outcomes.get(i), results);
            }
            return null;
        });
    }

    /**
     * A call of which nothing is known settles nothing. Neither does one whose effect might still be lost; but Redis has done
     * it, and that counts.
     */
    private void settle(InboxCall call, Outcome outcome, BatchResults results) {
        if (outcome.answer() != null) {
            boolean reliable = outcome.isKept() || !call.isPromise();
            call.settle(outcome.answer(), reliable ? results : new BatchResults(results.commands(), metrics));
        }
    }

    /** What has no result yet when the reply is made counts as unavailable. */
    private static Future<Void> leaveUnknown(Throwable failure) {
        return failure instanceof RedisUnavailableException ? Future.succeededFuture() : Future.failedFuture(failure);
    }
}
