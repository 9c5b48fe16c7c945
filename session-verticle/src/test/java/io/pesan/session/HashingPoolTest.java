package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.redis.testing.Await;
import io.pesan.session.HashingPool.Computed;
import io.pesan.session.HashingPool.Expired;
import io.pesan.session.HashingPool.Outcome;
import io.pesan.session.HashingPool.Throttled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashingPoolTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final HashingPool pool = new HashingPool(vertx, new PasswordHashing(8, 1, 1, 1, 1), SessionMetrics.NONE);
    private final CompletableFuture<String> gate = new CompletableFuture<>();

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void turnsAwayWhoComesWhenTheQueueIsFull() {
        Future<Outcome<String>> running = compute(Deadline.in(0, LONG), gate::join);
        Future<Outcome<String>> waiting = compute(Deadline.in(0, LONG), () -> "second");

        Outcome<String> third = Await.result(compute(Deadline.in(0, LONG), () -> "third"));

        assertThat(third)
                .isInstanceOfSatisfying(
                        Throttled.class,
                        refused -> assertThat(refused.retryAfterMillis()).isBetween(100, 5_000));
        gate.complete("first");
        assertThat(Await.result(running)).isEqualTo(new Computed<>("first"));
        assertThat(Await.result(waiting)).isEqualTo(new Computed<>("second"));
        assertThat(Await.result(compute(Deadline.in(0, LONG), () -> "fourth"))).isEqualTo(new Computed<>("fourth"));
    }

    @Test
    void computesNothingForWhoseTimeRanOutWaiting() {
        AtomicBoolean computed = new AtomicBoolean();
        Future<Outcome<String>> running = compute(Deadline.in(0, LONG), gate::join);
        Future<Outcome<Boolean>> late = compute(new Deadline(System.nanoTime() - 1, 0), () -> computed.getAndSet(true));
        gate.complete("first");

        assertThat(Await.result(late)).isEqualTo(new Expired<Boolean>());
        assertThat(Await.result(running)).isEqualTo(new Computed<>("first"));
        assertThat(computed).isFalse();
    }

    @Test
    void makesRoomAgainAfterAComputationThatFailed() {
        for (int i = 0; i < 5; i++) {
            Future<Outcome<String>> broken = compute(Deadline.in(0, LONG), () -> {
                throw new IllegalStateException("broken");
            });
            assertThat(Await.result(broken.otherwise(new Expired<>()))).isInstanceOf(Expired.class);
        }
        assertThat(Await.result(compute(Deadline.in(0, LONG), () -> "whole"))).isEqualTo(new Computed<>("whole"));
    }

    private <T> Future<Outcome<T>> compute(Deadline deadline, Supplier<T> computation) {
        Promise<Outcome<T>> outcome = Promise.promise();
        context.runOnContext(go -> pool.compute(deadline, computation).onComplete(outcome));
        return outcome.future();
    }
}
