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
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The service as a gateway uses it: over a real event bus, on a real Redis. */
class InboxVerticleIT {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final InboxConfig QUOTA = new InboxConfig(10_000, 4 * 1024 * 1024);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private static Vertx vertx;

    private String messi = "";
    private String henderson = "";

    @BeforeAll
    static void deploy() {
        vertx = Vertx.vertx();
        Routes.registerCodecs(vertx.eventBus());
        Await.result(vertx.deployVerticle(new InboxVerticle(QUOTA, REDIS.config(), true)));
        Await.result(vertx.deployVerticle(new InboxVerticle(QUOTA, REDIS.config(), false)));
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
