package io.pesan.inbox;

import static io.pesan.inbox.Commands.batch;
import static io.pesan.inbox.Commands.confirm;
import static io.pesan.inbox.Commands.renew;
import static io.pesan.inbox.Commands.send;
import static io.pesan.inbox.Commands.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.bus.proto.Taken;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches whose answers were lost are sent again. */
class RepeatedBatchIT {

    private static final Username MESSI = new Username("messi");
    private static final Username HENDERSON = new Username("henderson");

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private static Vertx vertx;

    private String messi = "";
    private String henderson = "";

    @BeforeAll
    static void deploy() {
        vertx = Vertx.vertx();
        Routes.registerCodecs(vertx.eventBus());
        for (int i = 0; i < 2; i++) {
            Await.result(vertx.deployVerticle(new InboxVerticle(Inboxes.NO_QUOTA, REDIS.config())));
        }
    }

    @AfterAll
    static void close() {
        Await.result(vertx.close());
    }

    @BeforeEach
    void logIn() {
        REDIS.clear();
        Accounts.add(REDIS, "messi");
        Accounts.add(REDIS, "henderson");
        messi = Accounts.session(REDIS, "messi");
        henderson = Accounts.session(REDIS, "henderson");
    }

    @Test
    void answersAsTheFirstTimeAndStoresNothingMore() {
        InboxBatch batch = batch(
                send(0, messi, "henderson", "1"),
                send(0, messi, "messi", "2"),
                take(0, messi, "lease"),
                send(0, messi, "henderson", "3"));
        InboxBatchReply first = ask(batch);
        assertThat(ask(again(batch)).getResultsList()).isEqualTo(first.getResultsList());
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("1", "3");
        assertThat(Inboxes.texts(REDIS, MESSI)).containsExactly("2");
    }

    @Test
    void storesWhatTheFirstTimeDidNotGetTo() {
        InboxBatch whole =
                batch(send(0, messi, "henderson", "1"), send(0, messi, "messi", "2"), send(0, messi, "henderson", "3"));
        InboxBatch part = whole.toBuilder().removeCommands(2).removeCommands(1).build();
        String stored = ask(part).getResults(0).getSent().getId();
        List<InboxResult> results = ask(again(whole)).getResultsList();
        assertThat(results).allMatch(InboxResult::hasSent);
        assertThat(results.get(0).getSent().getId()).isEqualTo(stored);
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("1", "3");
        assertThat(Inboxes.texts(REDIS, MESSI)).containsExactly("2");
    }

    @Test
    void storesNothingBehindItsSuccessor() {
        InboxBatch whole = batch(
                send(0, messi, "henderson", "1"),
                send(0, messi, "messi", "2"),
                send(1, messi, "henderson", "3"),
                send(0, messi, "henderson", "4"));
        // The first time only the last one was stored: the first did not fit, say.
        InboxBatch part = whole.toBuilder()
                .setCommands(0, renew(0, "henderson", "nobody's"))
                .setCommands(1, renew(0, "henderson", "nobody's"))
                .setCommands(2, renew(1, "henderson", "nobody's"))
                .build();
        ask(part);
        List<InboxResult> results = ask(again(whole)).getResultsList();
        assertThat(results.get(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(results.get(1).hasSent()).isTrue();
        assertThat(results.get(2).hasSent()).isTrue();
        assertThat(results.get(3).hasSent()).isTrue();
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("4", "3");
    }

    @Test
    void storesAllOfWhatWasLostOnItsWay() {
        assertThat(ask(again(batch(send(0, messi, "henderson", "1"), send(0, messi, "henderson", "2"))))
                        .getResultsList())
                .allMatch(InboxResult::hasSent);
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("1", "2");
    }

    @Test
    void remembersWhatHasBeenReadAndRemovedSince() {
        InboxBatch batch = batch(send(0, messi, "henderson", "1"), send(0, messi, "henderson", "2"));
        InboxBatchReply first = ask(batch);
        drain(henderson, "henderson", 2);
        assertThat(ask(again(batch)).getResultsList()).isEqualTo(first.getResultsList());
        assertThat(Inboxes.texts(REDIS, HENDERSON)).isEmpty();
        assertThat(Long.parseLong(String.valueOf(REDIS.call("PTTL", RedisKeys.inboxRemoved(HENDERSON)))))
                .isPositive();
    }

    @Test
    void doesNotStoreWhatMayHaveBeenStoredAndForgotten() {
        for (int i = 0; i < RemoveCall.MAX_REMEMBERED / AppendCall.MAX_MESSAGES + 1; i++) {
            ask(batch(sends(AppendCall.MAX_MESSAGES)));
            drain(henderson, "henderson", AppendCall.MAX_MESSAGES);
        }
        InboxBatch early = batch(send(0, messi, "henderson", "early"));
        ask(early);
        drain(henderson, "henderson", 1);
        assertThat(Long.parseLong(String.valueOf(REDIS.call("HLEN", RedisKeys.inboxRemoved(HENDERSON)))))
                .isLessThanOrEqualTo(2L);
        InboxBatch never = again(batch(send(0, messi, "henderson", "never stored")));
        assertThat(ask(never).getResults(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(ask(again(early)).getResults(0).hasSent()).isTrue();
        assertThat(Inboxes.entries(REDIS, HENDERSON)).isEmpty();
    }

    @Test
    void knowsWhatWasStoredEvenIfTheSenderHasLoggedOutSince() {
        InboxBatch batch = batch(send(0, messi, "henderson", "1"));
        InboxBatchReply first = ask(batch);
        REDIS.call("DEL", RedisKeys.session(messi));
        assertThat(ask(again(batch)).getResultsList()).isEqualTo(first.getResultsList());
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("1");
    }

    @Test
    void takesNoMessageForAnotherBatchs() {
        InboxBatch batch = batch(send(0, messi, "henderson", "same"));
        ask(batch);
        InboxBatch next = batch(send(0, messi, "henderson", "same"));
        InboxBatch otherLane = batch.toBuilder().setLane("other").build();
        assertThat(ask(again(next)).getResults(0).hasSent()).isTrue();
        assertThat(ask(again(otherLane)).getResults(0).hasSent()).isTrue();
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("same", "same", "same");
    }

    @Test
    void theFirstOneStoresNothingOnceItsDeadlineHasPassed() {
        InboxBatch late = batch(send(0, messi, "henderson", "1"), take(0, messi, "lease")).toBuilder()
                .setDeadlineMs(redisMillis() - 1)
                .build();
        assertThat(ask(late).getResultsList())
                .allMatch(result -> result.getRefused().getReason() == Refusal.UNAVAILABLE);
        assertThat(Inboxes.entries(REDIS, HENDERSON)).isEmpty();
        assertThat(REDIS.call("EXISTS", RedisKeys.inboxLease(MESSI))).isEqualTo(0L);
    }

    @Test
    void tellsWhatRedissClockShows() {
        long before = redisMillis();
        long shown = ask(batch()).getRedisMs();
        assertThat(shown).isBetween(before, redisMillis());
        assertThat(ask(batch(send(0, messi, "henderson", "1"))).getRedisMs()).isBetween(shown, redisMillis());
    }

    /** Some first attempts are never carried out, some answers are lost, and readers drain the inboxes all the while. */
    @Test
    void everyMessageArrivesOnceAndInOrderWhateverIsLost() {
        Random chance = new Random(20_201);
        List<String> read = new ArrayList<>();
        int number = 0;
        for (int round = 0; round < 1_500; round++) {
            List<InboxCommand> commands = new ArrayList<>();
            for (int i = 1 + chance.nextInt(8); i > 0; i--) {
                commands.add(send(chance.nextInt(3), messi, "henderson", "" + number++));
            }
            InboxBatch batch = batch(commands);
            long firstSent = redisMillis();
            int fate = chance.nextInt(4);
            boolean lostOnItsWay = fate == 0;
            if (!lostOnItsWay) {
                ask(batch);
            }
            if (chance.nextInt(3) == 0) {
                read.addAll(drain(henderson, "henderson", -1));
            }
            if (fate <= 1) {
                List<InboxResult> results =
                        ask(batch.toBuilder().setFirstSentMs(firstSent).build()).getResultsList();
                boolean forgotten =
                        results.stream().allMatch(result -> result.getRefused().getReason() == Refusal.UNAVAILABLE);
                assertThat(results.stream().allMatch(InboxResult::hasSent) || (forgotten && lostOnItsWay))
                        .isTrue();
                if (forgotten) {
                    ask(batch(commands));
                }
            }
        }
        read.addAll(drain(henderson, "henderson", -1));
        List<String> all = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            all.add("" + i);
        }
        assertThat(read).isEqualTo(all);
    }

    private List<InboxCommand> sends(int count) {
        List<InboxCommand> commands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            commands.add(send(0, messi, "henderson", "text " + i));
        }
        return commands;
    }

    /** The same batch as a gateway sends it again; it was sent first within the last two seconds. */
    private static InboxBatch again(InboxBatch batch) {
        return batch.toBuilder().setFirstSentMs(redisMillis() - 2_000).build();
    }

    /** Reads and removes all that is pending; so many messages, if it matters. */
    private static List<String> drain(String session, String username, int expected) {
        List<String> texts = new ArrayList<>();
        while (true) {
            Taken taken = ask(batch(take(0, session, "reader"))).getResults(0).getTaken();
            if (taken.getMessagesCount() == 0) {
                assertThat(expected < 0 || expected == texts.size()).isTrue();
                return texts;
            }
            taken.getMessagesList().stream().map(StoredMessage::getText).forEach(texts::add);
            String last = taken.getMessages(taken.getMessagesCount() - 1).getId();
            ask(batch(confirm(0, username, "reader", last)));
        }
    }

    private static long redisMillis() {
        List<?> time = Inboxes.list(REDIS.call("TIME"));
        return Long.parseLong(String.valueOf(time.get(0))) * 1_000
                + Long.parseLong(String.valueOf(time.get(1))) / 1_000;
    }

    private static InboxBatchReply ask(InboxBatch batch) {
        return Await.result(Routes.INBOX.request(vertx.eventBus(), batch, Duration.ofSeconds(2)));
    }
}
