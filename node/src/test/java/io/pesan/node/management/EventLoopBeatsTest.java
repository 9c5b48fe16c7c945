package io.pesan.node.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventLoopBeatsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @Test
    void noticesAnEventLoopThatHangsAndThatItHasComeBack() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(2)
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS));
        CountDownLatch release = new CountDownLatch(1);
        try {
            EventLoopBeats beats = EventLoopBeats.begin(vertx, () -> nanos -> {});
            assertThat(beats.complaint(System.nanoTime())).isNull();

            vertx.runOnContext(begin -> {
                try {
                    release.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            await().atMost(PATIENCE)
                    .until(() ->
                            "1 of 2 event loops did not answer for 5 s".equals(beats.complaint(System.nanoTime())));

            release.countDown();
            await().atMost(PATIENCE).until(() -> beats.complaint(System.nanoTime()) == null);
        } finally {
            release.countDown();
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void tellsOfAHangWhileItLastsAndCountsEachBeatThatWasMissedAfterwards() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(4)
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS));
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger lateByHalfASecond = new AtomicInteger();
        long late = TimeUnit.MILLISECONDS.toNanos(500);
        try {
            EventLoopBeats beats =
                    EventLoopBeats.begin(vertx, () -> nanos -> lateByHalfASecond.addAndGet(nanos >= late ? 1 : 0));
            await().atMost(PATIENCE).until(() -> beats.longestSilence() < late);
            int before = lateByHalfASecond.get();

            vertx.runOnContext(begin -> {
                try {
                    release.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            await().atMost(PATIENCE).until(() -> beats.longestSilence() > TimeUnit.MILLISECONDS.toNanos(2_000));

            release.countDown();
            // Of the 20 beats of 2 s the first 15 come half a second late or more.
            await().atMost(PATIENCE).until(() -> lateByHalfASecond.get() - before >= 14);
            await().atMost(PATIENCE).until(() -> beats.longestSilence() < late);
        } finally {
            release.countDown();
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}
