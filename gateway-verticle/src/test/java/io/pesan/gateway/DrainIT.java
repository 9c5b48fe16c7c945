package io.pesan.gateway;

import static io.pesan.gateway.GatewayUnderTest.LIMITS;
import static io.pesan.gateway.GatewayUnderTest.drainWithin;
import static io.pesan.gateway.ScriptedServices.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.proto.InboxBatchReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a gateway leaves. */
class DrainIT {

    private static final Duration DRAIN = Duration.ofSeconds(3);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private static Duration untilReset(RawClient client, long start) {
        try (client) {
            assertThat(client.ending()).isEqualTo("reset");
            return since(start);
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void leavesAtOnceWhereNobodyIsConnected() {
        try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
            int port = gateway.port();
            long start = System.nanoTime();
            GatewayUnderTest.await(gateway.drain());
            assertThat(since(start)).isLessThan(Duration.ofSeconds(5));
            assertThatThrownBy(() -> RawClient.connect(port)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void acceptsNobodyMeanwhile() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, drainWithin(DRAIN));
                RawClient client = gateway.connectAndAuth()) {
            int port = gateway.port();
            Future<Void> drained = gateway.drain();
            await().atMost(DRAIN)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> RawClient.connect(port).close())
                            .isInstanceOf(ConnectException.class));
            assertThat(client.ask("send henderson hola")).contains("Message Sent");
            GatewayUnderTest.await(drained);
        }
    }

    @Test
    void closesExtendedConnectionsInGoodOrderOneByOneAndTheOthersLastByReset() throws IOException {
        // Long enough for a pause of this machine to change nothing.
        Duration drain = DRAIN.multipliedBy(3);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, drainWithin(drain))) {
            List<RawClient> extended = new ArrayList<>();
            List<RawClient> first = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                first.add(gateway.connectAndAuth());
                extended.add(gateway.connect());
                extended.get(i).ask("ping");
            }
            long start = System.nanoTime();
            Future<Void> drained = gateway.drain();
            for (RawClient client : extended) {
                assertThat(client.ending()).isEqualTo("end");
                client.close();
            }
            assertThat(since(start))
                    .isBetween(drain.dividedBy(4), drain.multipliedBy(4).dividedBy(5));
            List<CompletableFuture<Duration>> resets = first.stream()
                    .map(client -> CompletableFuture.supplyAsync(() -> untilReset(client, start), threads))
                    .toList();
            List<Duration> after =
                    resets.stream().map(CompletableFuture::join).sorted().toList();
            assertThat(after.get(0)).isGreaterThan(drain.dividedBy(2));
            // Not all at once either: they will all connect again.
            assertThat(after.get(after.size() - 1).minus(after.get(0))).isGreaterThan(drain.dividedBy(20));
            GatewayUnderTest.await(drained);
            assertThat(since(start)).isLessThan(drain.plusSeconds(5));
        }
    }

    @Test
    void letsWhatIsUnderWayFinish() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, drainWithin(Duration.ZERO));
                RawClient first = gateway.connectAndAuth();
                RawClient extended = gateway.connectAndAuth()) {
            Promise<InboxBatchReply> held = Promise.promise();
            gateway.services.inbox = batch -> held.future();
            first.say("send henderson hola\n");
            await().until(() -> gateway.services.inboxBatches.size() == 1);
            extended.say("ping\nsend henderson hola\n");
            assertThat(extended.reply()).contains("pong");
            Future<Void> drained = gateway.drain();
            assertThat(extended.endingWithin(Duration.ofMillis(700))).isEqualTo("open");
            gateway.services.inbox = gateway.services::answerInbox;
            gateway.services
                    .answerInbox(gateway.services.inboxBatches.element())
                    .onComplete(held);
            assertThat(first.reply()).contains("Message Sent");
            assertThat(first.ending()).isEqualTo("reset");
            assertThat(extended.reply()).contains("Message Sent");
            assertThat(extended.ending()).isEqualTo("end");
            extended.hangUp();
            GatewayUnderTest.await(drained);
        }
    }

    @Test
    void leavesThoughAClientNeverStopsAsking() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, drainWithin(DRAIN));
                RawClient client = gateway.connectAndAuth()) {
            Future<Void> drained = gateway.drain();
            String end = "";
            while (end.isEmpty()) {
                try {
                    client.say("@t send henderson hola\n".repeat(50));
                    client.replies(50);
                } catch (IOException gone) {
                    end = "gone";
                }
            }
            client.hangUp();
            GatewayUnderTest.await(drained);
        }
    }

    @Test
    void answersWhatASlowReaderHasAskedFor() throws IOException {
        Duration drain = Duration.ofSeconds(10);
        int count = 400;
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, drainWithin(drain));
                RawClient client = RawClient.connect(gateway.port(), 32 << 10)) {
            gateway.services.listManyUsers();
            client.say("listuser %s\n".formatted(TOKEN).repeat(count));
            await().until(() -> gateway.services.sessionBatches.size() > 1);
            Future<Void> drained = gateway.drain();
            // By now it is the turn of those that leave last.
            await().pollDelay(drain.multipliedBy(41).dividedBy(50)).until(() -> true);
            assertThat(gateway.services.sessionBatches).hasSizeLessThan(count);
            assertThat(client.replies(count)).allMatch(reply -> reply.contains("OK"));
            assertThat(client.ending()).isEqualTo("reset");
            GatewayUnderTest.await(drained);
        }
    }
}
