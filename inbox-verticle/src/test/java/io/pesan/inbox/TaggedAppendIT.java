package io.pesan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A sender's tag keeps a repeat from being stored. */
class TaggedAppendIT {

    private static final Username MESSI = new Username("messi");
    private static final Username HENDERSON = new Username("henderson");
    private static final Username LINEKER = new Username("lineker");

    @Order(1)
    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @Order(2)
    @RegisterExtension
    static final CallRunner RUNNER = new CallRunner(REDIS.config());

    @BeforeEach
    void addAccounts() {
        REDIS.clear();
        Accounts.add(REDIS, "henderson");
        Accounts.add(REDIS, "lineker");
    }

    @Test
    void storesOneCopyAndGivesTheRepeatTheSameId() {
        InboxResult first = send(MESSI, HENDERSON, "a-tag", "hola");
        InboxResult repeat = send(MESSI, HENDERSON, "a-tag", "hola");
        assertThat(first.getSent().getDuplicate()).isFalse();
        assertThat(repeat.getSent().getDuplicate()).isTrue();
        assertThat(repeat.getSent().getId()).isEqualTo(first.getSent().getId());
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("hola");
    }

    @Test
    void remembersATagAfterItsMessageHasGone() {
        String id = send(MESSI, HENDERSON, "a-tag", "hola").getSent().getId();
        RUNNER.run(RemoveCall.acknowledge(0, HENDERSON, MessageId.parse(id).orElseThrow()));
        InboxResult repeat = send(MESSI, HENDERSON, "a-tag", "hola");
        assertThat(repeat.getSent().getId()).isEqualTo(id);
        assertThat(repeat.getSent().getDuplicate()).isTrue();
        assertThat(Inboxes.entries(REDIS, HENDERSON)).isEmpty();
    }

    @Test
    void refusesATagThatWasUsedForAnotherText() {
        send(MESSI, HENDERSON, "a-tag", "hola");
        assertThat(send(MESSI, HENDERSON, "a-tag", "hola ").getRefused().getReason())
                .isEqualTo(Refusal.TAG_REUSED);
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("hola");
    }

    @Test
    void tellsSendersAndRecipientsApart() {
        send(MESSI, HENDERSON, "a-tag", "hola");
        assertThat(send(LINEKER, HENDERSON, "a-tag", "hello").hasSent()).isTrue();
        assertThat(send(MESSI, LINEKER, "a-tag", "adios").hasSent()).isTrue();
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("hola", "hello");
        assertThat(Inboxes.texts(REDIS, LINEKER)).containsExactly("adios");
    }

    @Test
    void findsARepeatInTheSameCall() {
        AppendCall call = new AppendCall(HENDERSON, Inboxes.NO_QUOTA, Inboxes.NO_DEADLINE);
        call.add(0, "lane.1.0", Inboxes.session(MESSI), "1", "one");
        call.add(1, "lane.1.1", Inboxes.session(MESSI), "2", "");
        call.add(2, "lane.1.2", Inboxes.session(MESSI), "1", "one");
        call.add(3, "lane.1.3", Inboxes.session(MESSI), "3", "one");
        call.add(4, "lane.1.4", Inboxes.session(MESSI), "4", "four");
        List<InboxResult> results = RUNNER.run(call);
        assertThat(results.get(2).getSent().getId())
                .isEqualTo(results.get(0).getSent().getId());
        assertThat(results.get(2).getSent().getDuplicate()).isTrue();
        assertThat(results.get(3).getRefused().getReason()).isEqualTo(Refusal.TAG_REUSED);
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("1", "2", "4");
        assertThat(Inboxes.ids(REDIS, HENDERSON))
                .containsExactly(
                        results.get(0).getSent().getId(),
                        results.get(1).getSent().getId(),
                        results.get(4).getSent().getId());
    }

    @Test
    void knowsARepeatWhenTheInboxIsFull() {
        InboxConfig one = Inboxes.quota(1, 0, Inboxes.MAX_TEXT);
        AppendCall first = new AppendCall(HENDERSON, one, Inboxes.NO_DEADLINE);
        first.add(0, Inboxes.TAG, Inboxes.session(MESSI), "1", "one");
        String id = RUNNER.run(first).get(0).getSent().getId();
        AppendCall second = new AppendCall(HENDERSON, one, Inboxes.NO_DEADLINE);
        second.add(0, "lane.2.0", Inboxes.session(MESSI), "2", "two");
        second.add(1, "lane.2.1", Inboxes.session(MESSI), "1", "one");
        second.add(2, "lane.2.2", Inboxes.session(MESSI), "3", "");
        List<InboxResult> results = RUNNER.run(second);
        assertThat(results.get(0).getRefused().getReason()).isEqualTo(Refusal.INBOX_FULL);
        assertThat(results.get(1).getSent().getId()).isEqualTo(id);
        assertThat(results.get(2).getRefused().getReason()).isEqualTo(Refusal.INBOX_FULL);
        // What was refused may be sent again once there is room.
        RUNNER.run(RemoveCall.acknowledge(0, HENDERSON, MessageId.parse(id).orElseThrow()));
        assertThat(send(MESSI, HENDERSON, "two", "2").getSent().getDuplicate()).isFalse();
    }

    @Test
    void remembersForOneWindowAtLeastAndForTwoAtMost() {
        send(MESSI, HENDERSON, "old", "1");
        long window = Inboxes.NO_QUOTA.tagWindow().toMillis();
        assertThat(ttl(RedisKeys.tags(HENDERSON))).isBetween(2 * window - 10_000, 2 * window);
        // As if a window had passed since.
        REDIS.call("PEXPIRE", RedisKeys.tags(HENDERSON), Long.toString(window - 1));
        send(MESSI, HENDERSON, "new", "2");
        assertThat(ttl(RedisKeys.tagsBefore(HENDERSON))).isBetween(window - 10_000, window);
        assertThat(ttl(RedisKeys.tags(HENDERSON))).isBetween(2 * window - 10_000, 2 * window);
        assertThat(send(MESSI, HENDERSON, "old", "1").getSent().getDuplicate()).isTrue();
        assertThat(send(MESSI, HENDERSON, "new", "2").getSent().getDuplicate()).isTrue();
        // And one more: the old one is forgotten with the hash that it was in.
        REDIS.call("PEXPIRE", RedisKeys.tags(HENDERSON), Long.toString(window - 1));
        send(MESSI, HENDERSON, "newest", "3");
        assertThat(send(MESSI, HENDERSON, "old", "1").getSent().getDuplicate()).isFalse();
        assertThat(send(MESSI, HENDERSON, "new", "2").getSent().getDuplicate()).isTrue();
    }

    @Test
    void forgetsTheOlderHalfEarlierWhenThereAreTooMany() {
        send(MESSI, HENDERSON, "oldest", "0");
        for (int i = 0; i < AppendCall.MAX_TAGS; i += 1_000) {
            String[] fields = new String[2 + 2 * 1_000];
            fields[0] = "HSET";
            fields[1] = RedisKeys.tags(HENDERSON);
            for (int j = 0; j < 1_000; j++) {
                fields[2 + 2 * j] = "key " + (i + j);
                fields[3 + 2 * j] = "12345678id";
            }
            REDIS.call(fields);
        }
        send(MESSI, HENDERSON, "newest", "1");
        assertThat(REDIS.call("HLEN", RedisKeys.tags(HENDERSON))).isEqualTo(1L);
        assertThat(send(MESSI, HENDERSON, "oldest", "0").getSent().getDuplicate())
                .isTrue();
    }

    @Test
    void neitherTextNorTagIsInRedisBesideTheMessage() {
        String id = send(MESSI, HENDERSON, "a-secret-tag", "a secret text")
                .getSent()
                .getId();
        RUNNER.run(RemoveCall.acknowledge(0, HENDERSON, MessageId.parse(id).orElseThrow()));
        assertThat(String.valueOf(REDIS.call("HGETALL", RedisKeys.tags(HENDERSON))))
                .contains(id)
                .doesNotContain("secret");
    }

    @Test
    void tagsMeanNothingWithoutAWindow() {
        InboxConfig without = new InboxConfig(0, 0, Inboxes.MAX_TEXT, Duration.ZERO, Duration.ZERO);
        for (int i = 0; i < 2; i++) {
            AppendCall call = new AppendCall(HENDERSON, without, Inboxes.NO_DEADLINE);
            call.add(0, Inboxes.TAG, Inboxes.session(MESSI), "hola", "a-tag");
            RUNNER.run(call);
        }
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("hola", "hola");
        assertThat(REDIS.call("EXISTS", RedisKeys.tags(HENDERSON))).isEqualTo(0L);
    }

    private static InboxResult send(Username from, Username to, String tag, String text) {
        AppendCall call = new AppendCall(to, Inboxes.NO_QUOTA, Inboxes.NO_DEADLINE);
        call.add(0, Inboxes.TAG, Inboxes.session(from), text, tag);
        return RUNNER.run(call).get(0);
    }

    private static long ttl(String key) {
        return (Long) java.util.Objects.requireNonNull(REDIS.call("PTTL", key));
    }
}
