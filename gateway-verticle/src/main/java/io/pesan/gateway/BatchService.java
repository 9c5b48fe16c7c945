package io.pesan.gateway;

import com.google.protobuf.Message;
import io.pesan.contract.bus.NotBegunException;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's lane end: brings a lane's batches to the service, each to a place that takes it, and once more if the
 * first got no answer.
 *
 * <p>Where a repeat could do twice what was asked once, every attempt has a deadline in Redis's clock, and the second sets
 * out only when the first one's has passed: the two never run side by side. While Redis's clock is unknown an empty batch
 * asks for it first; if nobody can tell, no batch is sent.
 */
final class BatchService<C, Q extends Message, R extends Message, X> implements Lane.Service<C, X> {

    static final Errand.Patience FIRST = new Errand.Patience(500, 1_500);
    private static final Errand.Patience SECOND = new Errand.Patience(2_000, 2_000);

    private final BatchKind<C, Q, R, X> kind;
    private final Places<Q, R> places;
    private final RedisClock clock;
    private final String lane;
    private @Nullable Future<Void> asking;
    private long askingUntilNanos;

    /** @param lane up to 16 characters of A-Z, a-z, 0-9, _ and -, used by no other lane, before or after a restart */
    BatchService(BatchKind<C, Q, R, X> kind, Places<Q, R> places, RedisClock clock, String lane) {
        this.kind = kind;
        this.places = places;
        this.clock = clock;
        this.lane = lane;
    }

    @Override
    public void setConnection(C command, int ordinal) {
        kind.setConnection(command, ordinal);
    }

    @Override
    public X unavailable() {
        return kind.unavailable();
    }

    @Override
    public Future<List<X>> call(List<C> commands, long number, long untilNanos) {
        places.metrics().batched(commands.size());
        Batch batch = new Batch(commands, number, untilNanos);
        Future<R> reply = kind.needsDeadline() ? learnTheTime(untilNanos).compose(known -> batch.send()) : batch.send();
        return reply.map(kind::results);
    }

    /**
     * Succeeds when Redis's clock is known. Fails if nobody can tell it in time: without a deadline a node that freezes could carry
     * out a request when it wakes, so it isn't sent then.
     */
    Future<Void> learnTheTime(long untilNanos) {
        return learnTheTime(untilNanos, true);
    }

    /** @param patient whether to ask if somebody who had less time asked in vain */
    private Future<Void> learnTheTime(long untilNanos, boolean patient) {
        long now = System.nanoTime();
        if (clock.isKnown(now)) {
            return Future.succeededFuture();
        }
        Future<Void> underWay = asking;
        Future<Void> asked;
        if (!clock.isWanted(now)) {
            asked = Future.succeededFuture();
        } else if (underWay == null || untilNanos - askingUntilNanos < 0) {
            asked = askTheTime(untilNanos);
        } else {
            asked = underWay.recover(
                    failure -> patient ? learnTheTime(untilNanos, false) : Future.failedFuture(failure));
        }
        return asked.compose(over -> clock.isKnown(System.nanoTime())
                ? Future.succeededFuture()
                : Future.failedFuture(new NotBegunException("nobody knows Redis's clock")));
    }

    /** Asks for Redis's clock by an empty batch, as often as it takes. Fails if nobody answers in time. */
    private Future<Void> askTheTime(long untilNanos) {
        Future<Void> begun = askUntil(untilNanos);
        if (!begun.isComplete()) {
            asking = begun;
            askingUntilNanos = untilNanos;
            begun.onComplete(over -> {
                if (asking == begun) {
                    asking = null;
                }
            });
        }
        return begun;
    }

    private Future<Void> askUntil(long untilNanos) {
        Errand.Load<Q> empty =
                (now, patience) -> kind.batch(List.of(), new BatchKind.Stamp(lane, 0, patience, 0, 0, false));
        return bring(new Errand<>(places, empty, FIRST, untilNanos, null))
                .<Void>map(reply -> {
                    long now = System.nanoTime();
                    if (!clock.isKnown(now)) {
                        clock.untold(now);
                    }
                    return null;
                })
                .recover(failure -> Errand.isUnanswered(failure) ? askUntil(untilNanos) : Future.failedFuture(failure));
    }

    private Future<R> bring(Errand<Q, R> errand) {
        return errand.go()
                .onSuccess(reply -> clock.learn(kind.redisMillis(reply), errand.sentNanos(), System.nanoTime()));
    }

    /** One batch, on its first or second attempt. */
    private final class Batch {

        private final List<C> commands;
        private final long number;
        private final long untilNanos;
        /** By Redis's clock; 0: it was not known. */
        private long firstSentMillis;

        private int setBacks;

        Batch(List<C> commands, long number, long untilNanos) {
            this.commands = commands;
            this.number = number;
            this.untilNanos = untilNanos;
        }

        Future<R> send() {
            Errand<Q, R> first = new Errand<>(places, this::first, FIRST, untilNanos, null);
            return bring(first)
                    .recover(failure -> Errand.isUnanswered(failure) && isRepeatable(first)
                            ? bring(new Errand<>(places, this::repeat, SECOND, untilNanos, first.asked()))
                            : Future.failedFuture(failure));
        }

        private Q first(long now, int patience) {
            setBacks = clock.setBacks();
            // What was known when the batch set out counts while it waits for a node, too: seconds, which the guard
            // covers.
            firstSentMillis = kind.needsDeadline() ? clock.millis(now) : clock.millisOrZero(now);
            long deadline = firstSentMillis == 0 ? 0 : firstSentMillis + patience;
            return kind.batch(commands, new BatchKind.Stamp(lane, number, patience, deadline, 0, false));
        }

        private Q repeat(long now, int patience) {
            long deadline = firstSentMillis == 0 ? 0 : clock.millis(now) + patience;
            return kind.batch(commands, new BatchKind.Stamp(lane, number, patience, deadline, firstSentMillis, true));
        }

        /** A deadline means nothing where it was not known, or if the clock was set back since. */
        private boolean isRepeatable(Errand<Q, R> first) {
            boolean over =
                    System.nanoTime() - first.overNanos() >= 0 && firstSentMillis > 0 && setBacks == clock.setBacks();
            return over || !kind.needsDeadline();
        }
    }
}
