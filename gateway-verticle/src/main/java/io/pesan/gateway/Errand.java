package io.pesan.gateway;

import com.google.protobuf.Message;
import io.pesan.contract.bus.NotBegunException;
import io.pesan.contract.bus.Route;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to somebody who takes it. Who did not begin is passed over; who began and gave no answer ends
 * the errand. While nobody is there it waits for somebody, at most until its time is up.
 */
final class Errand<Q extends Message, R extends Message> {

    /** With less time left nobody is asked any more: no answer could come in time. */
    private static final long SHORTEST_MILLIS = RedisClock.GUARD_MILLIS + 10;

    /** Makes the request; for each place anew, as the time passes. */
    interface Load<Q> {
        /**
         * The request for one place.
         *
         * @param nowNanos the moment of its dispatch, by {@link System#nanoTime}
         * @param patienceMillis how long its answer is waited for
         */
        Q at(long nowNanos, int patienceMillis);
    }

    /**
     * How long one place's answer is waited for, in milliseconds.
     *
     * @param hopeful if another place could take over
     * @param alone if none could
     */
    record Patience(int hopeful, int alone) {}

    private final Places<Q, R> places;
    private final Load<Q> load;
    private final Patience patience;
    private final long untilNanos;
    private final Promise<R> outcome = Promise.promise();
    /** Places that did not begin, and the one to be avoided. Replaced, not changed: mostly nobody is in it. */
    private List<Place> passedOver;

    private @Nullable Place avoided;
    private boolean refused;
    private @Nullable Place asked;
    private long sentNanos;
    private long overNanos;

    /**
     * @param untilNanos by when it must be over, by {@link System#nanoTime}
     * @param avoided a place to be asked only if there is no other
     */
    Errand(Places<Q, R> places, Load<Q> load, Patience patience, long untilNanos, @Nullable Place avoided) {
        this.places = places;
        this.load = load;
        this.patience = patience;
        this.untilNanos = untilNanos;
        this.avoided = avoided;
        this.passedOver = avoided == null ? List.of() : List.of(avoided);
    }

    /** Sets out; once. Fails if nobody took the request, with {@link NotBegunException}, or who took it gave no answer. */
    Future<R> go() {
        next();
        return outcome.future();
    }

    /** When the request was sent to who was asked last. */
    long sentNanos() {
        return sentNanos;
    }

    /** Until when an answer was to be waited for. */
    long overNanos() {
        return overNanos;
    }

    /** Who was asked last. */
    @Nullable Place asked() {
        return asked;
    }

    /** Whether a request that failed so may still be carried out by who was asked. */
    static boolean isUnanswered(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }

    /** Whether so much time is left that somebody may be asked. */
    static boolean isTimeLeft(long untilNanos, long nowNanos) {
        return untilNanos - nowNanos >= SHORTEST_MILLIS * 1_000_000;
    }

    private void next() {
        long now = System.nanoTime();
        if (!isTimeLeft(untilNanos, now)) {
            outcome.fail(new NotBegunException("nobody took it in time"));
            return;
        }
        Place place = choose(now);
        if (place != null) {
            ask(place, now);
        } else if (refused || !places.mayCome()) {
            outcome.fail(new NotBegunException("nobody takes it"));
        } else {
            places.await(() -> {
                passedOver = List.of();
                next();
            });
        }
    }

    private @Nullable Place choose(long now) {
        Place place = places.choose(passedOver, now);
        if (place == null && avoided != null) {
            place = avoided;
            avoided = null;
        }
        return place;
    }

    private void ask(Place place, long now) {
        long left = (untilNanos - now) / 1_000_000;
        long most = places.hasElsewhere(place, now) ? patience.hopeful() : patience.alone();
        int millis =
                (int) Math.min(Math.min(left, most), places.route().timeout().toMillis());
        asked = place;
        sentNanos = now;
        overNanos = now + millis * 1_000_000L;
        places.request(place, load.at(now, millis), Duration.ofMillis(millis)).onComplete((reply, failure) -> {
            if (failure == null) {
                outcome.complete(reply);
            } else if (Route.isNotBegun(failure)) {
                passOver(place, failure);
            } else {
                outcome.fail(failure);
            }
        });
    }

    private void passOver(Place place, Throwable failure) {
        // Who is there and refuses has said all there is to say; who isn't may come yet.
        refused |= !(failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS);
        List<Place> more = new ArrayList<>(passedOver);
        more.add(place);
        passedOver = more;
        next();
    }
}
