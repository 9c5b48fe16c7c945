package io.pesan.inbox;

import static io.pesan.inbox.Inboxes.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.bus.proto.Taken;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TakeCallIT {

    private static final Username MESSI = new Username("messi");
    private static final Username HENDERSON = new Username("henderson");

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
    void readsTheOldestMessagesFirstAndLeasesTheInbox() {
        send("hola", "apa kabar");
        Taken taken = take("lease");
        assertThat(taken.getUsername()).isEqualTo("henderson");
        assertThat(taken.getName()).isEqualTo("User henderson");
        assertThat(taken.getMessagesList()).extracting(StoredMessage::getText).containsExactly("hola", "apa kabar");
        assertThat(taken.getMessagesList()).extracting(StoredMessage::getId).isEqualTo(Inboxes.ids(REDIS, HENDERSON));
        assertThat(taken.getMessages(0).getFrom()).isEqualTo("messi");
        assertThat(taken.getMessages(0).getName()).isEqualTo("User messi");
        assertThat(REDIS.call("GET", RedisKeys.inboxLease(HENDERSON))).isEqualTo("lease");
        assertThat((Long) REDIS.call("PTTL", RedisKeys.inboxLease(HENDERSON))).isBetween(3_000L, 5_000L);
    }

    @Test
    void leasesNoInboxInWhichNothingIsPending() {
        assertThat(take("lease").getMessagesList()).isEmpty();
        assertThat(REDIS.call("EXISTS", RedisKeys.inboxLease(HENDERSON))).isEqualTo(0L);
    }

    @Test
    void leasesNothingAfterItsDeadline() {
        send("hola");
        TakeCall late = new TakeCall(0, Inboxes.session(HENDERSON), "lease", Inboxes.millis(REDIS) - 1);
        assertThat(RUNNER.run(late).get(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(REDIS.call("EXISTS", RedisKeys.inboxLease(HENDERSON))).isEqualTo(0L);
    }

    @Test
    void getsNothingWhileAnotherHandoverLasts() {
        send("hola");
        assertThat(take("first").getMessagesList()).hasSize(1);
        assertThat(take("second").getMessagesList()).isEmpty();
        assertThat(REDIS.call("GET", RedisKeys.inboxLease(HENDERSON))).isEqualTo("first");
    }

    @Test
    void getsTheMessagesAgainIfItAskedBeforeAndGotNoAnswer() {
        send("hola");
        assertThat(take("first").getMessagesList()).hasSize(1);
        assertThat(take("first").getMessagesList()).hasSize(1);
        assertThat(REDIS.call("GET", RedisKeys.inboxLease(HENDERSON))).isEqualTo("first");
    }

    @Test
    void getsTheSameMessagesAgainWhenTheLeaseHasLapsed() {
        send("hola");
        Taken first = take("first");
        REDIS.call("PEXPIRE", RedisKeys.inboxLease(HENDERSON), "0");
        assertThat(take("second").getMessagesList()).isEqualTo(first.getMessagesList());
    }

    @Test
    void leasesAnInboxWhoseLeaseOutlivesItself() {
        send("hola");
        Taken first = take("first");
        // As after Redis's clock was set back by an hour.
        REDIS.call("PEXPIRE", RedisKeys.inboxLease(HENDERSON), "3604000");
        assertThat(take("second").getMessagesList()).isEqualTo(first.getMessagesList());
        assertThat(REDIS.call("GET", RedisKeys.inboxLease(HENDERSON))).isEqualTo("second");
        assertThat((Long) REDIS.call("PTTL", RedisKeys.inboxLease(HENDERSON))).isBetween(3_000L, 5_000L);
    }

    @Test
    void takesAThousandMessagesAtMost() {
        for (int call = 0; call < 5; call++) {
            int first = call * 250;
            send(IntStream.range(first, first + 250).mapToObj(i -> "text " + i).toArray(String[]::new));
        }
        Taken taken = take("lease");
        assertThat(taken.getMessagesList())
                .extracting(StoredMessage::getText)
                .isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> "text " + i).toList());
    }

    @Test
    void takesAsManyLongTextsAsFitIntoOneReply() {
        String text = "x".repeat(60_000);
        for (int i = 0; i < 10; i++) {
            send(text);
        }
        // Eight such texts make 480,000 bytes, nine 540,000, and the limit is 524,288.
        assertThat(take("lease").getMessagesCount()).isEqualTo(8);
    }

    @Test
    void takesFewerWhereTextsGrowByBeingEscaped() {
        String text = "\u00e9".repeat(25_000);
        for (int i = 0; i < 10; i++) {
            send(text);
        }
        // 50,000 bytes in Redis each, 150,000 in the reply.
        assertThat(take("lease").getMessagesCount()).isEqualTo(3);
    }

    @Test
    void takesOneMessageHoweverLongItIs() {
        send("\u00e9".repeat(400_000), "hola");
        assertThat(take("lease").getMessagesCount()).isEqualTo(1);
    }

    private static void send(String... texts) {
        RUNNER.run(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, texts));
    }

    private static Taken take(String lease) {
        return RUNNER.run(new TakeCall(0, Inboxes.session(HENDERSON), lease, Inboxes.NO_DEADLINE))
                .get(0)
                .getTaken();
    }
}
