package io.pesan.inbox;

import static io.pesan.inbox.Commands.batch;
import static io.pesan.inbox.Commands.confirm;
import static io.pesan.inbox.Commands.release;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The service as a gateway uses it: over a real event bus, on a real Redis. */
class InboxVerticleIT {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Username MESSI = new Username("messi");
    private static final Username HENDERSON = new Username("henderson");
    private static final InboxConfig QUOTA = Inboxes.quota(10_000, 4 * 1024 * 1024, Inboxes.MAX_TEXT);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private static Vertx vertx;

    private String messi = "";
    private String henderson = "";

    @BeforeAll
    static void deploy() {
        vertx = Vertx.vertx();
        Routes.registerCodecs(vertx.eventBus());
        Await.result(vertx.deployVerticle(new InboxVerticle(QUOTA, REDIS.config())));
        Await.result(vertx.deployVerticle(new InboxVerticle(QUOTA, REDIS.config())));
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
    void handsOverWhatWasSentInItsOrderAndRemovesItWhenThatIsConfirmed() {
        InboxBatchReply sent = ask(send(0, messi, "henderson", "hola"), send(0, messi, "henderson", "apa kabar"));
        Taken taken = ask(take(0, henderson, "lease")).getResults(0).getTaken();
        assertThat(taken.getUsername()).isEqualTo("henderson");
        assertThat(taken.getName()).isEqualTo("User henderson");
        assertThat(taken.getMessagesList())
                .containsExactly(
                        stored(sent.getResults(0), "messi", "hola"), stored(sent.getResults(1), "messi", "apa kabar"));

        String last = sent.getResults(1).getSent().getId();
        InboxResult settled = ask(confirm(0, "henderson", "lease", last)).getResults(0);
        assertThat(settled.getSettled().getHeld()).isTrue();
        assertThat(settled.getSettled().getRemoved()).isEqualTo(2);
        assertThat(ask(take(0, henderson, "lease2")).getResults(0).getTaken().getMessagesList())
                .isEmpty();
    }

    @Test
    void takesWhatItsOwnConnectionSentBeforeInTheSameBatch() {
        InboxBatchReply reply = ask(
                send(0, messi, "messi", "1"),
                send(1, henderson, "messi", "2"),
                take(0, messi, "lease"),
                send(0, messi, "messi", "3"),
                send(1, henderson, "messi", "4"));
        assertThat(texts(reply.getResults(2))).startsWith("1").doesNotContain("3");
        assertThat(Inboxes.texts(REDIS, MESSI)).containsExactlyInAnyOrder("1", "2", "3", "4");
    }

    @Test
    void takesNothingThatItsOwnConnectionSendsAfterwardsInTheSameBatch() {
        InboxBatchReply reply = ask(take(0, messi, "lease"), send(0, messi, "messi", "1"));
        assertThat(texts(reply.getResults(0))).isEmpty();
        assertThat(reply.getResults(1).hasSent()).isTrue();
    }

    @Test
    void confirmsOneHandoverAndBeginsTheNextInTheSameBatch() {
        String first = ask(send(0, messi, "messi", "1")).getResults(0).getSent().getId();
        ask(take(0, messi, "first"));
        ask(send(1, henderson, "messi", "2"));
        InboxBatchReply reply = ask(confirm(0, "messi", "first", first), take(0, messi, "second"));
        assertThat(reply.getResults(0).getSettled().getRemoved()).isEqualTo(1);
        assertThat(texts(reply.getResults(1))).containsExactly("2");
    }

    @Test
    void refusesSessionsThatAreUnknownOrHaveEnded() {
        REDIS.call("DEL", RedisKeys.session(henderson));
        InboxBatchReply reply = ask(
                send(0, "nonsense", "messi", "1"),
                send(1, henderson, "nobody", "2"),
                take(2, henderson, "lease"),
                send(3, messi, "henderson", "3"));
        assertThat(reply.getResultsList().subList(0, 3))
                .extracting(result -> result.getRefused().getReason())
                .containsOnly(Refusal.SESSION_UNKNOWN);
        assertThat(reply.getResults(3).hasSent()).isTrue();
    }

    @Test
    void refusesRecipientsWithoutAnAccount() {
        InboxBatchReply reply =
                ask(send(0, messi, "nobody", "1"), send(0, messi, "nobody!", "2"), send(0, messi, "messi", "3"));
        assertThat(reply.getResults(0).getRefused().getReason()).isEqualTo(Refusal.RECIPIENT_UNKNOWN);
        assertThat(reply.getResults(1).getRefused().getReason()).isEqualTo(Refusal.RECIPIENT_UNKNOWN);
        assertThat(reply.getResults(2).hasSent()).isTrue();
    }

    @Test
    void storesWhatIsSentToAUserWhoNeverLoggedIn() {
        Accounts.add(REDIS, "lineker");
        assertThat(ask(send(0, messi, "lineker", "hola")).getResults(0).hasSent())
                .isTrue();
        assertThat(Inboxes.texts(REDIS, new Username("lineker"))).containsExactly("hola");
    }

    @Test
    void refusesWhatDoesNotFitIntoTheQuota() {
        String longest = "x".repeat(Inboxes.MAX_TEXT);
        int most = (int) (QUOTA.maxBytes() / Inboxes.bytes(new Username("messi"), longest));
        for (int i = 0; i < most; i++) {
            assertThat(ask(send(0, messi, "messi", longest)).getResults(0).hasSent())
                    .isTrue();
        }
        InboxBatchReply reply = ask(send(0, messi, "messi", longest));
        assertThat(reply.getResults(0).getRefused().getReason()).isEqualTo(Refusal.INBOX_FULL);
    }

    @Test
    void keepsAHandoverThatIsRenewedAndEndsOneThatIsReleased() {
        ask(send(0, messi, "messi", "1"), take(0, messi, "lease"));
        assertThat(ask(renew(0, "messi", "lease")).getResults(0).getSettled().getHeld())
                .isTrue();
        assertThat(texts(ask(take(1, messi, "another")).getResults(0))).isEmpty();
        InboxBatchReply reply = ask(release(0, "messi", "lease"), take(1, messi, "another"));
        assertThat(reply.getResults(0).getSettled().getHeld()).isTrue();
        assertThat(texts(reply.getResults(1))).containsExactly("1");
    }

    @Test
    void answersAnEmptyBatch() {
        assertThat(ask().getResultsCount()).isZero();
    }

    @Test
    void storesAThousandMessagesOfOneBatchInTheirOrder() {
        List<InboxCommand> commands = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            commands.add(send(i % 7, messi, "henderson", "text " + i));
        }
        InboxBatchReply reply = ask(batch(commands));
        assertThat(reply.getResultsList())
                .extracting(result -> result.getSent().getId())
                .isEqualTo(Inboxes.ids(REDIS, HENDERSON));
        assertThat(Inboxes.texts(REDIS, HENDERSON))
                .isEqualTo(commands.stream()
                        .map(command -> command.getSend().getText())
                        .toList());
    }

    private static List<String> texts(InboxResult taken) {
        assertThat(taken.hasTaken()).isTrue();
        return taken.getTaken().getMessagesList().stream()
                .map(StoredMessage::getText)
                .toList();
    }

    private static StoredMessage stored(InboxResult sent, String from, String text) {
        return StoredMessage.newBuilder()
                .setId(sent.getSent().getId())
                .setFrom(from)
                .setName(Accounts.name(from))
                .setText(text)
                .build();
    }

    private static InboxBatchReply ask(InboxCommand... commands) {
        return ask(batch(commands));
    }

    private static InboxBatchReply ask(InboxBatch batch) {
        return Await.result(Routes.INBOX.request(vertx.eventBus(), batch, PATIENCE));
    }
}
