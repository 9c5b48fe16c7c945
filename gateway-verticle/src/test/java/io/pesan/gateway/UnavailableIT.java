package io.pesan.gateway;

import static io.pesan.gateway.ScriptedServices.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.LoggedIn;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients see of faults behind the gateway. */
class UnavailableIT {

    /** Five seconds, and as much again for a machine that is busy with other tests. */
    private static final Duration PROMISED = Duration.ofSeconds(10);

    private static final String UNAVAILABLE = "{\"status\": \"ERROR\", \"message\": \"Layanan Sedang Tidak Tersedia,"
            + " Silahkan Coba Lagi\", \"code\": \"UNAVAILABLE\"}";

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void silence(ScriptedServices services) {
        services.inbox = batch -> Promise.<InboxBatchReply>promise().future();
        services.question = services.inbox;
        services.session = batch -> Promise.<SessionBatchReply>promise().future();
        services.credentials = request -> Promise.<CredentialReply>promise().future();
    }

    private static void restore(ScriptedServices services) {
        services.inbox = services::answerInbox;
        services.question = services::answerInbox;
        services.session = services::answerSession;
        services.credentials = services::answerCredentials;
    }

    @Test
    void answersEveryOneOfManyPipelinedCommandsInTimeWhenServicesAreSilent() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            silence(gateway.services);
            List<RawClient> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(gateway.connect());
            }
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                lines.append(i % 2 == 0 ? "send henderson hola\n" : "listuser\n");
            }
            long start = System.nanoTime();
            client.say(lines.toString());
            for (RawClient other : others) {
                other.say("send " + TOKEN + " henderson hola\nauth messi surabaya\nlistuser " + TOKEN + "\n");
            }
            assertThat(client.replies(500)).containsOnly(UNAVAILABLE);
            assertThat(since(start)).isLessThan(PROMISED);
            for (RawClient other : others) {
                assertThat(other.replies(3)).containsOnly(UNAVAILABLE);
            }
            assertThat(since(start)).isLessThan(PROMISED);
            restore(gateway.services);
            assertThat(client.ask("send henderson hola")).contains("Message Sent");
            for (RawClient other : others) {
                assertThat(other.ask("auth messi surabaya")).contains(TOKEN);
                other.close();
            }
        }
    }

    @Test
    void answersInTimeHoweverManyClientsWait() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
            silence(gateway.services);
            // More than three batches' worth of sends, each after a command that takes two seconds to fail.
            List<RawClient> clients = new ArrayList<>();
            String sends = ("send " + TOKEN + " henderson hola\n").repeat(256);
            long start = System.nanoTime();
            for (int i = 0; i < 60; i++) {
                RawClient client = gateway.connect();
                client.say(i % 2 == 0 ? sends : "listuser " + TOKEN + "\n" + sends);
                clients.add(client);
            }
            for (int i = 0; i < 60; i++) {
                assertThat(clients.get(i).replies(256 + i % 2)).containsOnly(UNAVAILABLE);
                clients.get(i).close();
            }
            assertThat(since(start)).isLessThan(PROMISED);
        }
    }

    @Test
    void answersInTimeWhatComesLateBehindABatchThatHangs() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth();
                RawClient other = gateway.connect()) {
            silence(gateway.services);
            long start = System.nanoTime();
            // Its send gets its turn when the commands before have used up its time, behind the other's batch.
            client.say("listuser\nlistuser\nsend henderson hola\n");
            await().pollDelay(Duration.ofMillis(3_500)).until(() -> true);
            other.say("send " + TOKEN + " henderson hola\n");
            assertThat(client.replies(3)).containsOnly(UNAVAILABLE);
            // Where nobody looked after what waits, the other's batch would answer it after seven seconds.
            assertThat(since(start)).isLessThan(Duration.ofMillis(6_500));
        }
    }

    @Test
    void leavesTheConnectionWithoutASessionByALoginThatWasTooLateToBeTried() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            silence(gateway.services);
            // The last of them uses up what the others leave of the time.
            client.say("listuser\n".repeat(4) + "auth henderson surabaya\nping\n");
            assertThat(client.replies(5)).containsOnly(UNAVAILABLE);
            assertThat(client.reply()).contains("pong");
            restore(gateway.services);
            assertThat(gateway.services.credentialRequests).hasSize(1);
            assertThat(client.ask("send lineker hola")).contains("SESSION_UNKNOWN");
        }
    }

    @Test
    void answersALoginInTimeWhenNobodyChecksPasswords() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connect()) {
            gateway.services.credentials =
                    request -> Promise.<CredentialReply>promise().future();
            long start = System.nanoTime();
            assertThat(client.ask("auth messi surabaya")).isEqualTo(UNAVAILABLE);
            assertThat(since(start)).isBetween(Duration.ofSeconds(4), PROMISED);
        }
    }

    @Test
    void answersAtOnceWhenThereIsNoService() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.startWithoutServices();
                RawClient client = gateway.connect()) {
            long start = System.nanoTime();
            for (String line :
                    List.of("auth messi surabaya", "send " + TOKEN + " a b", "inbox " + TOKEN, "listuser " + TOKEN)) {
                assertThat(client.ask(line)).as(line).isEqualTo(UNAVAILABLE);
            }
            assertThat(since(start)).isLessThan(Duration.ofSeconds(4));
            assertThat(client.ask("ping")).contains("pong");
        }
    }

    @Test
    void outlivesServicesThatFailOrThrow() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            ScriptedServices services = gateway.services;
            gateway.expectComplaint("a worker threw");
            services.inbox = batch -> Future.failedFuture("no Redis");
            services.session = batch -> {
                throw new IllegalStateException("a bug");
            };
            services.credentials = request -> Future.failedFuture(new IllegalStateException("no Redis"));
            assertThat(client.ask("send henderson hola")).isEqualTo(UNAVAILABLE);
            assertThat(client.ask("listuser")).isEqualTo(UNAVAILABLE);
            assertThat(client.ask("passwd a b")).isEqualTo(UNAVAILABLE);
            restore(services);
            assertThat(client.ask("listuser")).contains("messi");
        }
    }

    @Test
    void trustsNoAnswerWithTheWrongNumberOfResults() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            ScriptedServices services = gateway.services;
            gateway.expectComplaint("another number of results");
            services.inbox = batch -> services.answerInbox(batch)
                    .map(reply ->
                            reply.toBuilder().addResults(reply.getResults(0)).build());
            assertThat(client.say("send x a\nsend x b\n").replies(2)).containsOnly(UNAVAILABLE);
            services.inbox = batch -> Future.succeededFuture(InboxBatchReply.getDefaultInstance());
            assertThat(client.say("send x a\nsend x b\n").replies(2)).containsOnly(UNAVAILABLE);
            services.inbox = services::answerInbox;
            assertThat(client.ask("send x c")).contains("Message Sent");
        }
    }

    @Test
    void endsTheConnectionWhoseAnswerMakesNoSense() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient other = gateway.connect();
                RawClient client = gateway.connect()) {
            gateway.expectComplaint("an answer could not be written");
            gateway.services.credentials = request -> Future.succeededFuture(CredentialReply.newBuilder()
                    .setLoggedIn(LoggedIn.newBuilder().setToken("no token"))
                    .build());
            assertThat(client.say("auth messi surabaya\n").ending()).isEqualTo("reset");
            assertThat(other.ask("send " + TOKEN + " henderson hola")).contains("Message Sent");
        }
    }
}
