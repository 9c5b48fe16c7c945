package io.pesan.inbox;

import static io.pesan.inbox.Inboxes.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AppendCallIT {

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
    void storesSenderNameAndText() {
        List<InboxResult> results = RUNNER.run(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "hola", "caf\u00e9"));
        assertThat(Inboxes.ids(REDIS, HENDERSON)).containsExactly(id(results.get(0)), id(results.get(1)));
        assertThat(Inboxes.stored(REDIS, HENDERSON))
                .containsExactly("lane.1.0\nmessi\nUser messi\nhola", "lane.1.0\nmessi\nUser messi\ncaf\u00e9");
    }

    @Test
    void givesEachMessageAGreaterIdThanTheOneBefore() {
        List<InboxResult> results = RUNNER.run(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "1", "2", "3"));
        assertThat(messageId(results.get(0))).isLessThan(messageId(results.get(1)));
        assertThat(messageId(results.get(1))).isLessThan(messageId(results.get(2)));
    }

    @Test
    void storesNothingAfterTheDeadline() {
        AppendCall late = new AppendCall(HENDERSON, Inboxes.NO_QUOTA, Inboxes.millis(REDIS) - 1);
        late.add(0, Inboxes.TAG, Inboxes.session(MESSI), "hola", "");
        late.add(1, Inboxes.TAG, Inboxes.session(MESSI), "hola", "");
        List<InboxResult> results = RUNNER.run(late);
        assertThat(results.get(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(results.get(1).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(Inboxes.entries(REDIS, HENDERSON)).isEmpty();
    }

    @Test
    void leavesWhatIsPendingAsItIsAfterTheDeadline() {
        RUNNER.run(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "1"));
        AppendCall late = new AppendCall(HENDERSON, Inboxes.NO_QUOTA, Inboxes.millis(REDIS) - 1);
        late.add(0, Inboxes.TAG, Inboxes.session(MESSI), "2", "");
        assertThat(RUNNER.run(late).get(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(RUNNER.run(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "3"))
                        .get(0)
                        .hasSent())
                .isTrue();
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("1", "3");
    }

    @Test
    void goesByRedissClockAndNotByIdsThatAreAheadOfIt() {
        // As after a clock was set back.
        REDIS.call("XADD", RedisKeys.inbox(HENDERSON), "9999999999998-0", "m", "tag\nmessi\n\n");
        AppendCall inTime = new AppendCall(HENDERSON, Inboxes.NO_QUOTA, Inboxes.millis(REDIS) + 2_000);
        inTime.add(0, Inboxes.TAG, Inboxes.session(MESSI), "hola", "");
        assertThat(RUNNER.run(inTime).get(0).getSent().getId()).isEqualTo("9999999999998-1");
    }

    @Test
    void storesUpToTheDeadline() {
        AppendCall inTime = new AppendCall(HENDERSON, Inboxes.NO_QUOTA, Inboxes.millis(REDIS) + 2_000);
        inTime.add(0, Inboxes.TAG, Inboxes.session(MESSI), "hola", "");
        assertThat(RUNNER.run(inTime).get(0).hasSent()).isTrue();
    }

    @Test
    void knowsNoRecipientWithoutAnAccount() {
        Username nobody = new Username("nobody");
        List<InboxResult> results = RUNNER.run(append(MESSI, nobody, Inboxes.NO_QUOTA, "hola", "hola"));
        assertThat(results.get(0).getRefused().getReason()).isEqualTo(Refusal.RECIPIENT_UNKNOWN);
        assertThat(results.get(1).getRefused().getReason()).isEqualTo(Refusal.RECIPIENT_UNKNOWN);
        assertThat(REDIS.call("EXISTS", RedisKeys.inbox(nobody), RedisKeys.inboxCounted(nobody)))
                .isEqualTo(0L);
    }

    @Test
    void storesAsManyMessagesAsTheQuotaAllows() {
        InboxConfig three = Inboxes.quota(3, 0, Inboxes.MAX_TEXT);
        RUNNER.run(append(MESSI, HENDERSON, three, "1"));
        List<InboxResult> results = RUNNER.run(append(MESSI, HENDERSON, three, "2", "3", "4", "5"));
        assertThat(results.get(1).hasSent()).isTrue();
        assertThat(results.get(2).getRefused().getReason()).isEqualTo(Refusal.INBOX_FULL);
        assertThat(results.get(3).getRefused().getReason()).isEqualTo(Refusal.INBOX_FULL);
        assertThat(RUNNER.run(append(MESSI, HENDERSON, three, "6"))
                        .get(0)
                        .getRefused()
                        .getReason())
                .isEqualTo(Refusal.INBOX_FULL);
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("1", "2", "3");
    }

    @Test
    void storesAsManyBytesAsTheQuotaAllowsAndNothingOfTheCallBehindARefusal() {
        int five = Inboxes.bytes(MESSI, "12345");
        InboxConfig two = Inboxes.quota(0, 2L * five, Inboxes.MAX_TEXT);
        List<InboxResult> results = RUNNER.run(append(MESSI, HENDERSON, two, "12345", "123456", "1"));
        assertThat(results.get(0).hasSent()).isTrue();
        assertThat(results.get(1).getRefused().getReason()).isEqualTo(Refusal.INBOX_FULL);
        assertThat(results.get(2).getRefused().getReason()).isEqualTo(Refusal.INBOX_FULL);
        assertThat(RUNNER.run(append(MESSI, HENDERSON, two, "12345")).get(0).hasSent())
                .isTrue();
        assertThat(Inboxes.counter(REDIS, HENDERSON)).isEqualTo(2 * five + " 2");
        assertThat(RUNNER.run(append(MESSI, HENDERSON, two, "1")).get(0).hasSent())
                .isFalse();
    }

    @Test
    void countsBytesOnlyOnceTheyMayMatter() {
        // Of the longest texts four fit, so four of any length do.
        InboxConfig four = Inboxes.quota(0, 4 * (1_000 + StoredText.MAX_OVERHEAD_BYTES), 1_000);
        assertThat(four.fewMessages()).isEqualTo(4);
        RUNNER.run(append(MESSI, HENDERSON, four, "1", "2", "3"));
        RUNNER.run(append(MESSI, HENDERSON, four, "4"));
        assertThat(Inboxes.counter(REDIS, HENDERSON)).isNull();
        RUNNER.run(append(MESSI, HENDERSON, four, "5"));
        assertThat(Inboxes.counter(REDIS, HENDERSON)).isEqualTo(5 * Inboxes.bytes(MESSI, "1") + " 5");
        RUNNER.run(append(MESSI, HENDERSON, four, "6", "7"));
        assertThat(Inboxes.counter(REDIS, HENDERSON)).isEqualTo(7 * Inboxes.bytes(MESSI, "1") + " 7");
    }

    @Test
    void countsWhatIsThereAlreadyHoweverMuchItIs() {
        String[] texts = IntStream.range(0, 250).mapToObj(i -> "text " + i).toArray(String[]::new);
        RUNNER.run(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, texts));
        int pending = Arrays.stream(texts)
                .mapToInt(text -> Inboxes.bytes(MESSI, text))
                .sum();
        InboxConfig one = Inboxes.quota(0, pending + Inboxes.bytes(MESSI, "1"), Inboxes.MAX_TEXT);
        assertThat(RUNNER.run(append(MESSI, HENDERSON, one, "12")).get(0).hasSent())
                .isFalse();
        assertThat(RUNNER.run(append(MESSI, HENDERSON, one, "1")).get(0).hasSent())
                .isTrue();
        assertThat(RUNNER.run(append(MESSI, HENDERSON, one, "1")).get(0).hasSent())
                .isFalse();
    }

    @Test
    void hasRoomUntilItHoldsAsMuchAsOneCallMay() {
        AppendCall many = new AppendCall(HENDERSON, Inboxes.NO_QUOTA, Inboxes.NO_DEADLINE);
        for (int i = 0; i < AppendCall.MAX_MESSAGES; i++) {
            assertThat(many.hasRoom()).isTrue();
            many.add(i, Inboxes.TAG, Inboxes.session(MESSI), "text " + i, "");
        }
        assertThat(many.hasRoom()).isFalse();
        List<InboxResult> results = RUNNER.run(many);
        assertThat(Inboxes.ids(REDIS, HENDERSON))
                .isEqualTo(results.stream()
                        .limit(AppendCall.MAX_MESSAGES)
                        .map(AppendCallIT::id)
                        .toList());
    }

    @Test
    void hasNoRoomBehindLongTexts() {
        AppendCall one = append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "x".repeat(AppendCall.MAX_CHARACTERS));
        assertThat(one.hasRoom()).isFalse();
    }

    private static String id(InboxResult result) {
        assertThat(result.hasSent()).isTrue();
        return result.getSent().getId();
    }

    private static MessageId messageId(InboxResult result) {
        return MessageId.parse(id(result)).orElseThrow();
    }
}
