package io.pesan.inbox;

import static io.pesan.inbox.Inboxes.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Listening;
import io.pesan.contract.bus.proto.MessagePage;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.Session;
import io.pesan.redis.testing.RedisForTests;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReadAndListenCallsIT {

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
    void readsPageByPageAndChangesNothing() {
        send("1", "2", "3");
        MessagePage first = read(MessageId.NONE, 2);
        assertThat(texts(first)).containsExactly("1", "2");
        assertThat(first.getMore()).isTrue();
        assertThat(first.getUsername()).isEqualTo("henderson");
        MessagePage second = read(last(first), 2);
        assertThat(texts(second)).containsExactly("3");
        assertThat(second.getMore()).isFalse();
        assertThat(read(last(second), 2).getMessagesList()).isEmpty();
        assertThat(Inboxes.texts(REDIS, HENDERSON)).containsExactly("1", "2", "3");
    }

    @Test
    void saysThatThereIsNoMoreWhenThePageIsJustFull() {
        send("1", "2");
        assertThat(read(MessageId.NONE, 2).getMore()).isFalse();
    }

    @Test
    void readsMoreThanASliceOfTheScript() {
        for (int i = 0; i < 10; i++) {
            RUNNER.run(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, numbers(i * 20, 20)));
        }
        MessagePage page = read(MessageId.NONE, 150);
        assertThat(texts(page)).containsExactly(numbers(0, 150));
        assertThat(page.getMore()).isTrue();
        assertThat(texts(read(last(page), 1_000))).containsExactly(numbers(150, 50));
    }

    @Test
    void aPageEndsWhereAReplyWouldBecomeTooLarge() {
        String long32k = "x".repeat(32 << 10);
        for (int i = 0; i < 20; i++) {
            send(long32k);
        }
        MessagePage page = read(MessageId.NONE, 1_000);
        assertThat(page.getMessagesCount()).isBetween(14, 16);
        assertThat(page.getMore()).isTrue();
        // Three bytes each as they are stored, six in a reply.
        REDIS.clear();
        Accounts.add(REDIS, "henderson");
        for (int i = 0; i < 12; i++) {
            send("\u20ac".repeat(10_000));
        }
        MessagePage escaped = read(MessageId.NONE, 1_000);
        assertThat(escaped.getMessagesCount()).isEqualTo(8);
        assertThat(escaped.getMore()).isTrue();
    }

    @Test
    void listeningGatewaysAreToldWithTheMessagesAndWhatTheyFollow() {
        send("before");
        String before = Inboxes.ids(REDIS, HENDERSON).get(0);
        Listening listening = listen("n1/a", MessageId.NONE);
        assertThat(texts(listening.getPage())).containsExactly("before");
        listen("n2/b", MessageId.NONE);

        List<GatewayNotice> notices = RUNNER.notices(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "1", "2"));
        assertThat(notices).extracting(GatewayNotice::getGateway).containsExactlyInAnyOrder("n1/a", "n2/b");
        assertThat(notices).allSatisfy(notice -> {
            assertThat(notice.getArrivalsList()).hasSize(1);
            assertThat(notice.getArrivals(0).getUsername()).isEqualTo("henderson");
            assertThat(notice.getArrivals(0).getFollows()).isEqualTo(before);
            assertThat(notice.getArrivals(0).getMessagesList())
                    .extracting(StoredMessage::getText)
                    .containsExactly("1", "2");
            assertThat(notice.getArrivals(0).getMessagesList())
                    .extracting(StoredMessage::getId)
                    .isEqualTo(Inboxes.ids(REDIS, HENDERSON).subList(1, 3));
            assertThat(notice.getArrivals(0).getMessages(0).getFrom()).isEqualTo("messi");
            assertThat(notice.getArrivals(0).getMessages(0).getName()).isEqualTo("User messi");
        });
    }

    @Test
    void whatComesToAnEmptyInboxFollowsNothing() {
        listen("n1/a", MessageId.NONE);
        List<GatewayNotice> notices = RUNNER.notices(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "1"));
        assertThat(notices.get(0).getArrivals(0).getFollows()).isEqualTo("0-0");
    }

    @Test
    void nobodyIsToldOfWhatWasNotStored() {
        listen("n1/a", MessageId.NONE);
        InboxConfig one = Inboxes.quota(1, 0, Inboxes.MAX_TEXT);
        List<GatewayNotice> notices = RUNNER.notices(append(MESSI, HENDERSON, one, "fits", "does not"));
        assertThat(notices.get(0).getArrivals(0).getMessagesList())
                .extracting(StoredMessage::getText)
                .containsExactly("fits");
        assertThat(RUNNER.notices(append(MESSI, HENDERSON, one, "does not"))).isEmpty();
        AppendCall repeat = new AppendCall(HENDERSON, Inboxes.NO_QUOTA, Inboxes.NO_DEADLINE);
        repeat.add(0, Inboxes.TAG, Inboxes.session(MESSI), "once", "tag");
        assertThat(RUNNER.notices(repeat)).hasSize(1);
        assertThat(RUNNER.notices(repeat)).isEmpty();
    }

    @Test
    void aGatewayIsToldNoMoreOnceItsTimeIsUpOrItHasHadEnough() {
        Listening listening = listen("n1/a", MessageId.NONE);
        stop("n1/a", listening.getUntilMs() - 1);
        assertThat(RUNNER.notices(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "1")))
                .hasSize(1);
        stop("n1/a", listening.getUntilMs());
        assertThat(RUNNER.notices(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "2")))
                .isEmpty();

        listen("n2/b", MessageId.NONE);
        // As if the time had passed.
        REDIS.call("ZADD", RedisKeys.listeners(HENDERSON), "1000000000000", "n2/b");
        assertThat(RUNNER.notices(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "3")))
                .isEmpty();
        listen("n3/c", MessageId.NONE);
        assertThat(REDIS.call("ZRANGE", RedisKeys.listeners(HENDERSON), "0", "-1"))
                .isEqualTo(List.of("n3/c"));
        assertThat((Long) java.util.Objects.requireNonNull(REDIS.call("PTTL", RedisKeys.listeners(HENDERSON))))
                .isBetween(1_000L, 15_000L);
    }

    @Test
    void listenersAreToldWhereIdsAreAheadOfTheClock() {
        // As after Redis's clock was set back by an hour.
        long ahead = Inboxes.millis(REDIS) + 3_600_000;
        REDIS.call("XADD", RedisKeys.inbox(HENDERSON), ahead + "-0", "m", "tag\nmessi\n\n");
        listen("n1/a", MessageId.NONE);
        assertThat(RUNNER.notices(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, "1")))
                .hasSize(1);
    }

    @Test
    void asksToBeLookedAtAgainBeforeTheSessionExpiresOrWhenItEnds() {
        assertThat(lookAgain(Duration.ZERO, Duration.ZERO)).isEqualTo(4_000);
        assertThat(lookAgain(Duration.ofHours(24), Duration.ofDays(30))).isEqualTo(4_000);
        assertThat(lookAgain(Duration.ofSeconds(3), Duration.ZERO)).isEqualTo(1_500);
        assertThat(lookAgain(Duration.ofSeconds(30), Duration.ofSeconds(2))).isEqualTo(2_020);
        assertThat(lookAgain(Duration.ofMillis(1), Duration.ZERO)).isEqualTo(50);
    }

    private static int lookAgain(Duration idle, Duration lifetime) {
        Session session = Session.begin("hash", HENDERSON, "User henderson", idle, lifetime, 5_000);
        return RUNNER.run(new ListenCall(0, session, "n1/a", MessageId.NONE, 5_000))
                .get(0)
                .getListening()
                .getLookAgainMs();
    }

    private static void send(String... texts) {
        RUNNER.run(append(MESSI, HENDERSON, Inboxes.NO_QUOTA, texts));
    }

    private static MessagePage read(MessageId after, int limit) {
        return RUNNER.run(new ReadCall(0, Inboxes.session(HENDERSON), after, limit))
                .get(0)
                .getPage();
    }

    private static Listening listen(String gateway, MessageId after) {
        return RUNNER.run(new ListenCall(0, Inboxes.session(HENDERSON), gateway, after, 0))
                .get(0)
                .getListening();
    }

    private static void stop(String gateway, long until) {
        InboxResult stopped =
                RUNNER.run(new StopListeningCall(0, HENDERSON, gateway, until)).get(0);
        assertThat(stopped.hasListeningStopped()).isTrue();
    }

    private static List<String> texts(MessagePage page) {
        return page.getMessagesList().stream().map(StoredMessage::getText).toList();
    }

    private static MessageId last(MessagePage page) {
        return MessageId.parse(page.getMessages(page.getMessagesCount() - 1).getId())
                .orElseThrow();
    }

    private static String[] numbers(int from, int count) {
        String[] numbers = new String[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = "number " + (from + i);
        }
        return numbers;
    }
}
