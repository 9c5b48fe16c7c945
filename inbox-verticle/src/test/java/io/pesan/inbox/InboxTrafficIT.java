package io.pesan.inbox;

import static io.pesan.inbox.Commands.batch;
import static io.pesan.inbox.Commands.confirm;
import static io.pesan.inbox.Commands.send;
import static io.pesan.inbox.Commands.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.bus.proto.Taken;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several gateways' lanes and several readers at once. */
class InboxTrafficIT {

    private static final int LANES = 6;
    private static final int BATCHES = 40;
    private static final int SENDS = 50;
    private static final int USERS = 5;

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(LANES + USERS);

    private static Vertx vertx;

    @BeforeAll
    static void deploy() {
        vertx = Vertx.vertx();
        Routes.registerCodecs(vertx.eventBus());
        for (int i = 0; i < 2; i++) {
            Await.result(
                    vertx.deployVerticle(new InboxVerticle(Inboxes.quota(0, 0, Inboxes.MAX_TEXT), REDIS.config())));
        }
    }

    @AfterAll
    static void close() {
        THREADS.shutdownNow();
        Await.result(vertx.close());
    }

    @Test
    void deliversEachMessageOnceAndEachSendersInOrderAndBalancesTheBooks() {
        List<String> sessions = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            Accounts.add(REDIS, name(user));
            sessions.add(Accounts.session(REDIS, name(user)));
        }
        CompletableFuture<?>[] senders = IntStream.range(0, LANES)
                .mapToObj(lane -> CompletableFuture.runAsync(() -> sendFrom(lane, sessions), THREADS))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> allSent = CompletableFuture.allOf(senders);
        List<CompletableFuture<List<String>>> readers = IntStream.range(0, USERS)
                .mapToObj(user ->
                        CompletableFuture.supplyAsync(() -> read(name(user), sessions.get(user), allSent), THREADS))
                .toList();

        allSent.join();
        List<List<String>> inboxes =
                readers.stream().map(CompletableFuture::join).toList();
        assertThat(inboxes.stream().mapToInt(List::size).sum()).isEqualTo(LANES * BATCHES * SENDS);
        inboxes.forEach(InboxTrafficIT::assertOrdered);
        for (int user = 0; user < USERS; user++) {
            assertThat(Inboxes.counter(REDIS, new Username(name(user)))).isNull();
            assertThat(Inboxes.entries(REDIS, new Username(name(user)))).isEmpty();
        }
    }

    /** Texts are {@code <lane> <number>}; the numbers of one lane grow. */
    private static void sendFrom(int lane, List<String> sessions) {
        int number = 0;
        for (int b = 0; b < BATCHES; b++) {
            List<InboxCommand> commands = new ArrayList<>();
            for (int i = 0; i < SENDS; i++) {
                String recipient = name((lane + number * 3) % USERS);
                commands.add(send(i % 10, sessions.get(lane % USERS), recipient, lane + " " + number++));
            }
            assertThat(ask(batch(commands)).getResultsList()).allMatch(InboxResult::hasSent);
        }
    }

    private static List<String> read(String username, String session, CompletableFuture<?> allSent) {
        List<String> texts = new ArrayList<>();
        for (int handover = 0; ; handover++) {
            boolean last = allSent.isDone();
            String lease = "lease " + handover;
            Taken taken = ask(batch(take(0, session, lease))).getResults(0).getTaken();
            if (taken.getMessagesCount() > 0) {
                taken.getMessagesList().forEach(message -> texts.add(message.getText()));
                StoredMessage newest = taken.getMessages(taken.getMessagesCount() - 1);
                InboxResult settled =
                        ask(batch(confirm(0, username, lease, newest.getId()))).getResults(0);
                assertThat(settled.getSettled().getRemoved()).isEqualTo(taken.getMessagesCount());
            } else if (last) {
                return texts;
            }
        }
    }

    private static void assertOrdered(List<String> texts) {
        Map<String, Integer> newest = new HashMap<>();
        for (String text : texts) {
            String[] laneAndNumber = text.split(" ", 2);
            int number = Integer.parseInt(laneAndNumber[1]);
            Integer before = newest.put(laneAndNumber[0], number);
            assertThat(before == null || before < number).as(text).isTrue();
        }
    }

    private static String name(int user) {
        return "user" + user;
    }

    private static InboxBatchReply ask(InboxBatch batch) {
        return Await.result(Routes.INBOX.request(vertx.eventBus(), batch, Duration.ofSeconds(2)));
    }
}
