package io.pesan.inbox;

import static io.pesan.inbox.Commands.batch;
import static io.pesan.inbox.Commands.confirm;
import static io.pesan.inbox.Commands.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis stops, freezes and comes back under the service. */
class InboxOutageIT {

    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private static Vertx vertx;
    private static String deployment = "";

    private String messi = "";

    @BeforeAll
    static void deploy() {
        vertx = Vertx.vertx();
        Routes.registerCodecs(vertx.eventBus());
        deployVerticle();
    }

    @AfterAll
    static void close() {
        Await.result(vertx.close());
    }

    @BeforeEach
    void logIn() {
        REDIS.clear();
        Accounts.add(REDIS, "messi");
        messi = Accounts.session(REDIS, "messi");
    }

    @Test
    void doesNotBeginWhileRedisIsDownAndServesSoonAfterItsReturn() {
        String id = ask(send(0, messi)).getResults(0).getSent().getId();
        REDIS.stop();
        await("the loss is noticed").atMost(PATIENCE).until(() -> isNotBegun(send(0, messi)));
        long before = System.nanoTime();
        assertThat(isNotBegun(batch(take(1, messi, "lease"), confirm(2, "messi", "lease", id))))
                .isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(AT_ONCE);
        REDIS.startAgain();
        awaitService();
        assertThat(Inboxes.ids(REDIS, new Username("messi"))).startsWith(id);
    }

    @Test
    void answersUnavailableWhileRedisIsFrozenAndStoresNothingLate() {
        ask(send(0, messi));
        // A pause of this machine can use up the time of the route.
        for (int attempt = 1; !isUnavailableWhileRedisIsFrozen(); attempt++) {
            assertThat(attempt).as("times that there was no answer").isLessThan(3);
        }
    }

    private boolean isUnavailableWhileRedisIsFrozen() {
        int before = Inboxes.ids(REDIS, new Username("messi")).size();
        REDIS.freeze();
        Future<InboxBatchReply> reply = Routes.INBOX.request(vertx.eventBus(), send(0, messi), Routes.INBOX.timeout());
        boolean answered = Await.result(reply.transform(answer -> Future.succeededFuture(answer.succeeded())));
        REDIS.thaw();
        assertThat(Inboxes.ids(REDIS, new Username("messi"))).hasSize(before);
        if (answered) {
            assertThat(reply.result().getResults(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        }
        awaitService();
        return answered;
    }

    @Test
    void refusesOnlyWhatTakesMemoryWhenRedisHasNone() {
        awaitService();
        ask(send(0, messi));
        REDIS.call("CONFIG", "SET", "maxmemory", "1mb");
        try {
            InboxBatchReply reply = ask(batch(Commands.send(0, messi, "messi", "too much"), take(1, messi, "lease")));
            assertThat(reply.getResults(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
            assertThat(reply.getResults(1).getTaken().getMessagesCount()).isPositive();
        } finally {
            REDIS.call("CONFIG", "SET", "maxmemory", "0");
        }
    }

    @Test
    void carriesNothingOutForAGatewayThatNoLongerWaits() {
        InboxBatch impatient = send(0, messi).toBuilder()
                .setDeadlineMs(System.currentTimeMillis() + 50)
                .build();
        REDIS.freeze();
        Future<InboxBatchReply> reply = Routes.INBOX.request(vertx.eventBus(), impatient, Routes.INBOX.timeout());
        await("the gateway's patience is at an end")
                .during(Duration.ofMillis(200))
                .until(() -> !reply.isComplete());
        REDIS.thaw();
        assertThat(Await.result(reply).getResults(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(Inboxes.ids(REDIS, new Username("messi"))).isEmpty();
    }

    @Test
    void finishesTheBatchesUnderWayBeforeItStops() {
        REDIS.freeze();
        Future<InboxBatchReply> reply = Routes.INBOX.request(vertx.eventBus(), send(0, messi), Routes.INBOX.timeout());
        // Asks Redis nothing, and is answered behind the request by the same event loop: that has arrived, too.
        ask(batch(confirm(0, "no name!", "lease", "1-0")));
        Future<Void> stopped = vertx.undeploy(deployment);
        REDIS.thaw();
        try {
            assertThat(Await.result(reply).getResults(0).hasSent()).isTrue();
        } finally {
            Await.result(stopped);
            deployVerticle();
        }
    }

    private static void deployVerticle() {
        deployment = Await.result(vertx.deployVerticle(new InboxVerticle(Inboxes.NO_QUOTA, REDIS.config())));
    }

    private void awaitService() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(CompletionException.class)
                .until(() -> !isNotBegun(send(0, messi))
                        && ask(send(0, messi)).getResults(0).hasSent());
    }

    private static InboxBatch send(int connection, String session) {
        return batch(Commands.send(connection, session, "messi", "hola"));
    }

    private static boolean isNotBegun(InboxBatch batch) {
        Future<InboxBatchReply> reply = Routes.INBOX.requestHere(vertx.eventBus(), batch, Routes.INBOX.timeout());
        return Await.result(
                reply.transform(answer -> Future.succeededFuture(answer.failed() && Route.isNotBegun(answer.cause()))));
    }

    private static InboxBatchReply ask(InboxBatch batch) {
        return Await.result(Routes.INBOX.request(vertx.eventBus(), batch, Routes.INBOX.timeout()));
    }
}
