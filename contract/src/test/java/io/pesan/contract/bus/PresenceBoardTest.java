package io.pesan.contract.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.Presence;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PresenceBoardTest {

    private static final Presence PRESENCE =
            Presence.newBuilder().setNodeId("n1").addRoutes("pesan.inbox").build();

    private final Vertx vertx = Vertx.vertx();
    private final PresenceBoard board = new PresenceBoard(vertx.eventBus());

    @BeforeEach
    void registerCodecs() {
        Routes.registerCodecs(vertx.eventBus());
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void everyWatcherOfANodeSeesWhatIsShownOnce() throws InterruptedException {
        BlockingQueue<Presence> first = new LinkedBlockingQueue<>();
        BlockingQueue<Presence> second = new LinkedBlockingQueue<>();
        board.watch(first::add);
        board.watch(second::add);
        await(board.relay().completion());
        board.show(PRESENCE);
        Presence leaving = PRESENCE.toBuilder().setLeaving(true).build();
        board.show(leaving);
        for (BlockingQueue<Presence> seen : List.of(first, second)) {
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(PRESENCE);
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(leaving);
        }
    }

    @Test
    void whoStopsWatchingSeesNothingMore() throws InterruptedException {
        BlockingQueue<Presence> stopped = new LinkedBlockingQueue<>();
        BlockingQueue<Presence> watching = new LinkedBlockingQueue<>();
        await(board.watch(stopped::add).get());
        board.watch(watching::add);
        await(board.relay().completion());
        board.show(PRESENCE);
        assertThat(watching.poll(10, TimeUnit.SECONDS)).isEqualTo(PRESENCE);
        assertThat(stopped).isEmpty();
    }
}
