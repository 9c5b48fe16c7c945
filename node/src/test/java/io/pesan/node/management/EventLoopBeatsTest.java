package io.pesan.node.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
}
