package io.pesan.session;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Computes password hashes on worker threads, and no more than it can: {@code workers} at a time while {@code queue} wait.
 * Whoever comes then is turned away at once, and so is, without a computation, whoever's time ran out while waiting.
 *
 * <p>Its counters belong to the event loop on which it was made.
 */
final class HashingPool {

    private static final String NAME = "pesan-password-hash";
    private static final Duration LONGEST_COMPUTATION = Duration.ofSeconds(10);

    /** Bounds of the advice when to come again, in milliseconds. */
    private static final int SHORTEST_ADVICE = 100;

    private static final int LONGEST_ADVICE = 5_000;

    /** Weight of the newest measurement in the moving average, as one part in so many. */
    private static final int SMOOTHING = 8;

    /** How a computation ended. */
    sealed interface Outcome<T> {}

    record Computed<T>(T value) implements Outcome<T> {}

    /** Too many were waiting. */
    record Throttled<T>(int retryAfterMillis) implements Outcome<T> {}

    /** The deadline passed while it was waiting; nothing was computed. */
    record Expired<T>() implements Outcome<T> {}

    private record Measured<T>(Outcome<T> outcome, long nanos) {}

    private final WorkerExecutor workers;
    private final SessionMetrics metrics;
    private final int workerCount;
    private final int capacity;
    private int admitted;
    private long averageNanos = TimeUnit.MILLISECONDS.toNanos(50);

    HashingPool(Vertx vertx, PasswordHashing hashing, SessionMetrics metrics) {
        this.metrics = metrics;
        this.workerCount = hashing.workers();
        this.capacity = hashing.workers() + hashing.queue();
        this.workers = vertx.createSharedWorkerExecutor(
                NAME, hashing.workers(), LONGEST_COMPUTATION.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs a computation on a worker thread, unless there is no room, or no worker is free before the deadline. */
    <T> Future<Outcome<T>> compute(Deadline deadline, Supplier<T> computation) {
        if (admitted >= capacity) {
            return Future.succeededFuture(new Throttled<>(adviceMillis()));
        }
        admit(1);
        return workers.executeBlocking(() -> measure(deadline, computation), false)
                .onComplete(done -> admit(-1))
                .map(this::remember);
    }

    private void admit(int more) {
        admitted += more;
        metrics.hashesWaiting(Math.max(0, admitted - workerCount));
    }

    Future<Void> close() {
        return workers.close();
    }

    private static <T> Measured<T> measure(Deadline deadline, Supplier<T> computation) {
        if (deadline.hasPassed()) {
            return new Measured<>(new Expired<>(), 0);
        }
        long began = System.nanoTime();
        T value = computation.get();
        return new Measured<>(new Computed<>(value), System.nanoTime() - began);
    }

    private <T> Outcome<T> remember(Measured<T> measured) {
        if (measured.outcome() instanceof Computed) {
            averageNanos += (measured.nanos() - averageNanos) / SMOOTHING;
            metrics.hashed(measured.nanos());
        }
        return measured.outcome();
    }

    /** How long the queue will take, give or take a quarter, so that those turned away do not come back as one. */
    private int adviceMillis() {
        long drained = TimeUnit.NANOSECONDS.toMillis(averageNanos * admitted / workerCount);
        long jittered = drained * 3 / 4 + ThreadLocalRandom.current().nextLong(drained / 2 + 1);
        return (int) Math.max(SHORTEST_ADVICE, Math.min(LONGEST_ADVICE, jittered));
    }
}
