package io.pesan.inbox;

import static io.pesan.inbox.Inboxes.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.HandoverSettled;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RemoveCallIT {

    private static final Username MESSI = new Username("messi");
    private static final Username HENDERSON = new Username("henderson");
    /** Bytes are counted from the third message on. */
    private static final InboxConfig QUOTA = Inboxes.quota(0, 2 * (1_000 + StoredText.MAX_OVERHEAD_BYTES), 1_000);

    @Order(1)
    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @Order(2)
    @RegisterExtension
    static final CallRunner RUNNER = new CallRunner(REDIS.config());

    @BeforeEach
    void addAccount() {
        REDIS.clear();
        Accounts.add(REDIS, "henderson");
    }

    @Test
    void removesWhatWasDeliveredAndKeepsWhatHasArrivedSince() {
        send("hola", "apa kabar");
        String last = lastDelivered("lease");
        send("later");
        assertThat(confirm("lease", last)).isEqualTo(settled(true, 2));
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("later");
        assertThat(REDIS.call("EXISTS", RedisKeys.inboxLease(HENDERSON))).isEqualTo(0L);
    }

    @Test
    void keepsWhatTheReplyHadNoRoomFor() {
        send("1", "22", "333");
        String first = Inboxes.ids(REDIS, HENDERSON).get(0);
        lastDelivered("lease");
        assertThat(confirm("lease", first)).isEqualTo(settled(true, 1));
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("22", "333");
    }

    @Test
    void givesTheQuotaBack() {
        InboxConfig quota = Inboxes.quota(2, 2L * Inboxes.bytes(MESSI, "12345"), Inboxes.MAX_TEXT);
        RUNNER.run(append(MESSI, HENDERSON, quota, "12345", "12345"));
        confirm("lease", lastDelivered("lease"));
        var results = RUNNER.run(append(MESSI, HENDERSON, quota, "12345", "12345", "1"));
        assertThat(results.get(0).hasSent()).isTrue();
        assertThat(results.get(1).hasSent()).isTrue();
        assertThat(results.get(2).hasRefused()).isTrue();
    }

    @Test
    void takesWhatWasRemovedFromTheCounterAsFarAsItWasCounted() {
        RUNNER.run(append(MESSI, HENDERSON, QUOTA, "1", "22", "333", "4444"));
        List<String> ids = Inboxes.ids(REDIS, HENDERSON);
        lastDelivered("lease");
        confirm("lease", ids.get(1));
        assertThat(Inboxes.counter(REDIS, HENDERSON))
                .isEqualTo(Inboxes.bytes(MESSI, "333") + Inboxes.bytes(MESSI, "4444") + " 2");
        send("55555");
        lastDelivered("lease");
        confirm("lease", ids.get(2));
        assertThat(Inboxes.counter(REDIS, HENDERSON)).isEqualTo(Inboxes.bytes(MESSI, "4444") + " 1");
        lastDelivered("lease");
        confirm("lease", ids.get(3));
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("55555");
        assertThat(Inboxes.counter(REDIS, HENDERSON)).isNull();
    }

    @Test
    void forgetsNoIdWhenEverythingIsRemoved() {
        // An id of the year 2286: a stream that forgot it would give smaller ones.
        REDIS.call("XADD", RedisKeys.inbox(HENDERSON), "9999999999999-7", "m", "tag\nmessi\n\n");
        confirm("lease", lastDelivered("lease"));
        assertThat(Inboxes.ids(REDIS, HENDERSON)).isEmpty();
        send("hola");
        assertThat(Inboxes.ids(REDIS, HENDERSON)).containsExactly("9999999999999-8");
    }

    @Test
    void removesExactlyUpToTheGreatestSequenceNumber() {
        String greatest = new MessageId(5, Long.MAX_VALUE).toString();
        for (String id : List.of("5-3", greatest, "6-0")) {
            REDIS.call("XADD", RedisKeys.inbox(HENDERSON), id, "m", "tag\nmessi\n\n");
        }
        lastDelivered("lease");
        assertThat(confirm("lease", greatest)).isEqualTo(settled(true, 2));
        assertThat(Inboxes.ids(REDIS, HENDERSON)).containsExactly("6-0");
    }

    @Test
    void changesNothingUnlessTheLeaseIsTheOwners() {
        send("hola");
        String last = lastDelivered("lease");
        assertThat(confirm("another", last)).isEqualTo(settled(false, 0));
        assertThat(REDIS.call("GET", RedisKeys.inboxLease(HENDERSON))).isEqualTo("lease");
        REDIS.call("PEXPIRE", RedisKeys.inboxLease(HENDERSON), "0");
        assertThat(confirm("lease", last)).isEqualTo(settled(false, 0));
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("hola");
    }

    @Test
    void changesNothingTheSecondTime() {
        send("hola");
        String last = lastDelivered("lease");
        confirm("lease", last);
        send("later");
        assertThat(confirm("lease", last)).isEqualTo(settled(false, 0));
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("later");
    }

    @Test
    void acknowledgementRemovesWhoeverHasTheLease() {
        send("1", "2", "3");
        lastDelivered("lease");
        MessageId second = MessageId.parse(Inboxes.ids(REDIS, HENDERSON).get(1)).orElseThrow();
        assertThat(acknowledge(second)).isEqualTo(2);
        assertThat(acknowledge(second)).isZero();
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("3");
        assertThat(REDIS.call("GET", RedisKeys.inboxLease(HENDERSON))).isEqualTo("lease");
    }

    @Test
    void acknowledgementOfAnyIdRemovesNoMoreThanThereIs() {
        send("1", "2");
        assertThat(acknowledge(MessageId.NONE)).isZero();
        assertThat(acknowledge(new MessageId(7, 7))).isZero();
        assertThat(acknowledge(new MessageId(Long.MAX_VALUE, Long.MAX_VALUE))).isEqualTo(2);
        send("3");
        assertThat(acknowledge(new MessageId(1_000_000_000_000_000L, 0))).isEqualTo(1);
        send("4");
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("4");
    }

    @Test
    void remembersTheYoungestOfManyThatAreRemovedAtOnce() {
        for (int i = 0; i < 10; i++) {
            String[] texts = new String[AppendCall.MAX_MESSAGES];
            java.util.Arrays.fill(texts, "text");
            send(texts);
        }
        List<String> ids = Inboxes.ids(REDIS, HENDERSON);
        assertThat(acknowledge(MessageId.parse(ids.get(ids.size() - 1)).orElseThrow()))
                .isEqualTo(10 * AppendCall.MAX_MESSAGES);
        assertThat(REDIS.call("HGET", RedisKeys.inboxRemoved(HENDERSON), ""))
                .isEqualTo(ids.get(ids.size() - RemoveCall.MAX_REMEMBERED));
    }

    @Test
    void worksWhenRedisHasNoMemoryLeftAsItFreesSome() {
        send("hola", "apa kabar", "later");
        REDIS.call("CONFIG", "SET", "maxmemory", "1mb");
        try {
            String first = Inboxes.ids(REDIS, HENDERSON).get(0);
            assertThat(acknowledge(MessageId.parse(first).orElseThrow())).isEqualTo(1);
            assertThat(confirm("lease", lastDelivered("lease"))).isEqualTo(settled(true, 2));
        } finally {
            REDIS.call("CONFIG", "SET", "maxmemory", "0");
        }
    }

    private static int acknowledge(MessageId last) {
        return RUNNER.run(RemoveCall.acknowledge(0, HENDERSON, last))
                .get(0)
                .getAcked()
                .getRemoved();
    }

    private static void send(String... texts) {
        RUNNER.run(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, texts));
    }

    private static String lastDelivered(String lease) {
        var taken = RUNNER.run(new TakeCall(0, Inboxes.session(HENDERSON), lease, Inboxes.NO_DEADLINE))
                .get(0)
                .getTaken();
        return taken.getMessages(taken.getMessagesCount() - 1).getId();
    }

    private static HandoverSettled confirm(String lease, String last) {
        MessageId id = MessageId.parse(last).orElseThrow();
        return RUNNER.run(RemoveCall.confirm(0, HENDERSON, lease, id)).get(0).getSettled();
    }

    private static HandoverSettled settled(boolean held, int removed) {
        return HandoverSettled.newBuilder().setHeld(held).setRemoved(removed).build();
    }
}
