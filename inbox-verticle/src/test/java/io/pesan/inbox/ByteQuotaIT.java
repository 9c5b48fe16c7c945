package io.pesan.inbox;

import static io.pesan.inbox.Inboxes.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.testing.RedisForTests;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The quota of bytes where nodes have different values for it, one after the other or at once. */
class ByteQuotaIT {

    private static final Username MESSI = new Username("messi");
    private static final Username HENDERSON = new Username("henderson");

    private static final int LONGEST = 1_000;
    private static final int LONGEST_STORED = LONGEST + StoredText.MAX_OVERHEAD_BYTES;

    /** Bytes are counted from the third message on. */
    private static final InboxConfig LOW = Inboxes.quota(0, 2 * LONGEST_STORED, LONGEST);
    /** Bytes are counted from the seventh message on. */
    private static final InboxConfig HIGH = Inboxes.quota(0, 6 * LONGEST_STORED, LONGEST);

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
    void countsWhatCameWhileFewWereMore() {
        assertThat(send(LOW, "1", "2", "3")).isEqualTo(3);
        assertThat(send(HIGH, "4", "5", "6")).isEqualTo(3);
        assertThat(counter()).isEqualTo(3 * bytes("1") + " 3");
        assertThat(send(HIGH, "7")).isEqualTo(1);
        assertThat(counter()).isEqualTo(7 * bytes("1") + " 7");
    }

    @Test
    void refusesAtARaisedQuotaWhatIsBeyondIt() {
        String text = "x".repeat(LONGEST * 3 / 4);
        int sent = 0;
        while (send(LOW, text) == 1) {
            sent++;
        }
        while (send(HIGH, text) == 1) {
            sent++;
        }
        assertThat(sent).isEqualTo((int) (HIGH.maxBytes() / bytes(text)));
    }

    @Test
    void countsWhatCameWhileAnyNumberWasAllowed() {
        send(LOW, "1", "2", "3");
        String text = "x".repeat(LONGEST);
        send(Inboxes.NO_QUOTA, text, text, text);
        assertThat(send(LOW, "7")).isZero();
        assertThat(counter()).isEqualTo(3 * bytes("1") + 3 * bytes(text) + " 6");
    }

    @Test
    void readsNothingAgainThatWasCounted() {
        send(HIGH, "1", "2", "3", "4");
        // Not true, so that it shows.
        Inboxes.setCounter(REDIS, HENDERSON, 7, 4);
        send(HIGH, "5");
        send(LOW, "6");
        assertThat(counter()).isEqualTo(7 + 2 * bytes("1") + " 6");
        acknowledge(0);
        send(HIGH, "7");
        send(LOW, "8");
        assertThat(counter()).isEqualTo(7 + 3 * bytes("1") + " 7");
    }

    @Test
    void countsAnewWhatACounterOfMoreThanThereAreSays() {
        send(HIGH, "1", "2", "3");
        Inboxes.setCounter(REDIS, HENDERSON, LOW.maxBytes(), 4);
        assertThat(send(LOW, "4")).isEqualTo(1);
        assertThat(counter()).isEqualTo(4 * bytes("1") + " 4");
        Inboxes.setCounter(REDIS, HENDERSON, LOW.maxBytes(), 5);
        acknowledge(0);
        assertThat(counter()).isNull();
    }

    @Test
    void savesWhatItCountedForAnInboxThatIsFull() {
        String text = "x".repeat(LONGEST);
        send(HIGH, text, text, text);
        assertThat(send(LOW, "1")).isZero();
        assertThat(counter()).isEqualTo(3 * bytes(text) + " 3");
    }

    @Test
    void countsBeforeItStoresWhatIsLongerThanIsExpected() {
        for (String text : List.of("x".repeat(3 * LONGEST), "\u20ac".repeat(LONGEST))) {
            addAccount();
            assertThat(send(HIGH, text)).isEqualTo(1);
            assertThat(counter()).isEqualTo(bytes(text) + " 1");
            assertThat(send(HIGH, "1", text, text)).isEqualTo(2);
            assertThat(send(HIGH, text)).isZero();
        }
    }

    @Test
    void countsNothingThatIsAsLongAsIsExpected() {
        send(HIGH, "x".repeat(LONGEST), "\u20ac".repeat(LONGEST / 3), "1");
        assertThat(counter()).isNull();
    }

    @Test
    void takesNoMoreThanTwiceTheQuotaHoweverLongTextsAre() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            int pending = Inboxes.ids(REDIS, HENDERSON).size();
            if (pending > 0 && random.nextInt(3) == 0) {
                acknowledge(random.nextInt(Math.min(pending, 3)));
            } else {
                int longest = random.nextInt(3) == 0 ? 5 * LONGEST : LONGEST;
                send(HIGH, "x".repeat(1 + random.nextInt(longest)));
            }
            assertThat(pendingBytes(Inboxes.ids(REDIS, HENDERSON).size())).isLessThanOrEqualTo(2 * HIGH.maxBytes());
        }
    }

    @Test
    void keepsTheQuotaWhereverMessagesComeAndGo() {
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            InboxConfig config = random.nextBoolean() ? LOW : HIGH;
            int pending = Inboxes.ids(REDIS, HENDERSON).size();
            if (pending > 0 && random.nextInt(3) == 0) {
                acknowledge(random.nextInt(Math.min(pending, 5)));
            } else {
                String text = "x".repeat(1 + random.nextInt(LONGEST));
                long now = pendingBytes(pending);
                assertThat(send(config, text))
                        .as("%d of %d bytes to %d, in step %d", bytes(text), config.maxBytes(), now, i)
                        .isEqualTo(now + bytes(text) <= config.maxBytes() ? 1 : 0);
            }
            if (counter() != null) {
                String[] counted = String.valueOf(counter()).split(" ", -1);
                assertThat(counted[0]).isEqualTo("" + pendingBytes(Integer.parseInt(counted[1])));
            }
        }
    }

    private static int send(InboxConfig config, String... texts) {
        return (int) RUNNER.run(append(MESSI, HENDERSON, config, texts)).stream()
                .filter(InboxResult::hasSent)
                .count();
    }

    /** Removes the oldest messages up to and including this one. */
    private static void acknowledge(int index) {
        MessageId last =
                MessageId.parse(Inboxes.ids(REDIS, HENDERSON).get(index)).orElseThrow();
        RUNNER.run(RemoveCall.acknowledge(0, HENDERSON, last));
    }

    private static @Nullable Object counter() {
        return Inboxes.counter(REDIS, HENDERSON);
    }

    /** Bytes of the oldest messages. */
    private static long pendingBytes(int messages) {
        List<String> texts = Inboxes.texts(REDIS, HENDERSON);
        return texts.subList(0, messages).stream().mapToLong(ByteQuotaIT::bytes).sum();
    }

    private static int bytes(String text) {
        return Inboxes.bytes(MESSI, text);
    }
}
