package io.pesan.gateway;

import static io.pesan.gateway.GatewayUnderTest.LIMITS;
import static io.pesan.gateway.GatewayUnderTest.PATIENT;
import static io.pesan.gateway.GatewayUnderTest.drainWithin;
import static io.pesan.gateway.ScriptedServices.TOKEN;
import static io.pesan.gateway.ScriptedServices.inboxRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.StoredMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a connection that listens is sent, whatever the gateway is told and not told. */
class ListenIT {

    private static final String LISTENING = "{\"status\": \"OK\", \"message\": \"Listening\"}";

    /** The 1st of January 2025, and some milliseconds. */
    private static final String AT = "1735689600007";

    @Test
    void sendsWhatIsPendingAndThenWhatComes() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            gateway.services.pending = messages(3);
            assertThat(client.ask("listen")).isEqualTo(LISTENING);
            assertThat(client.reply())
                    .isEqualTo("{\"event\": \"message\", \"id\": \"" + AT + "-1\", \"from\": \"henderson\","
                            + " \"name\": \"Jordan Henderson\", \"to\": \"messi\", \"text\": \"text 1\","
                            + " \"at\": \"2025-01-01T00:00:00.007Z\"}");
            assertThat(ids(client, 2)).containsExactly(AT + "-2", AT + "-3");
            gateway.arrive(AT + "-3", message(4), message(5));
            assertThat(ids(client, 2)).containsExactly(AT + "-4", AT + "-5");
            // Other commands go on working.
            assertThat(client.ask("@t ping")).isEqualTo("{\"status\": \"OK\", \"message\": \"pong\", \"tag\": \"t\"}");
        }
    }

    @Test
    void beginsBehindTheMessageThatTheClientSawLast() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            gateway.services.pending = messages(5);
            assertThat(client.ask("listen " + TOKEN + " after " + AT + "-3")).isEqualTo(LISTENING);
            assertThat(ids(client, 2)).containsExactly(AT + "-4", AT + "-5");
            // A second one starts anew.
            assertThat(client.ask("listen after " + AT + "-4")).isEqualTo(LISTENING);
            assertThat(ids(client, 1)).containsExactly(AT + "-5");
            assertThat(gateway.services.listening).hasSize(1);
        }
    }

    @Test
    void neitherLosesNorRepeatsWhateverBecomesOfTheNotices() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            client.ask("listen");
            // Out of order: what comes second follows on something that was not sent yet.
            gateway.services.pending = messages(4);
            gateway.arrive(AT + "-2", message(3), message(4));
            gateway.arrive("0-0", message(1), message(2));
            assertThat(ids(client, 4)).containsExactly(AT + "-1", AT + "-2", AT + "-3", AT + "-4");
            // Twice, and stale, and overlapping what was sent.
            gateway.arrive("0-0", message(1), message(2));
            gateway.services.pending = messages(6);
            gateway.arrive(AT + "-3", message(4), message(5));
            gateway.arrive(AT + "-3", message(4), message(5));
            gateway.arrive(AT + "-4", message(5), message(6));
            assertThat(ids(client, 2)).containsExactly(AT + "-5", AT + "-6");
            // With a hole: the notice of the 7th is lost.
            gateway.services.pending = messages(8);
            gateway.arrive(AT + "-7", message(8));
            assertThat(ids(client, 2)).containsExactly(AT + "-7", AT + "-8");
            assertThat(client.ask("ping")).contains("pong");
        }
    }

    @Test
    void findsWhatNobodyToldWithinFiveSeconds() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            client.ask("listen");
            gateway.services.pending = messages(1);
            long start = System.nanoTime();
            assertThat(ids(client, 1)).containsExactly(AT + "-1");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void findsAtOnceWhatCameWhileItBegan() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth();
                RawClient other = gateway.connectAndAuth()) {
            // Who is told of what comes, and nobody else, so that it is not this one's notice.
            gateway.services.lookAgainMillis = 60_000;
            assertThat(other.ask("listen")).isEqualTo(LISTENING);
            Promise<Void> held = Promise.promise();
            gateway.services.inbox = batch -> {
                gateway.services.inbox = gateway.services::answerInbox;
                Future<InboxBatchReply> reply = gateway.services.answerInbox(batch);
                return held.future().compose(go -> reply);
            };
            client.say("listen\n");
            await().until(() -> gateway.services.inboxBatches.size() == 2);
            gateway.services.pending = messages(1);
            gateway.arrive("0-0", message(1));
            assertThat(ids(other, 1)).containsExactly(AT + "-1");
            held.complete();
            assertThat(client.reply()).isEqualTo(LISTENING);
            assertThat(ids(client, 1)).containsExactly(AT + "-1");
        }
    }

    @Test
    void hearsNothingMoreOnceItHasStopped() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            client.ask("listen");
            String name = gateway.services.listening.iterator().next();
            assertThat(client.ask("unlisten")).isEqualTo("{\"status\": \"OK\", \"message\": \"Stopped\"}");
            await().until(gateway.services.listening::isEmpty);
            gateway.services.listening.add(name);
            gateway.arrive("0-0", message(1));
            assertThat(client.ask("ping")).contains("pong");
            // Without one it has nothing to stop.
            assertThat(client.ask("unlisten")).contains("Stopped");
        }
    }

    @Test
    void theLastOfAUsersConnectionsToGoTakesTheGatewayOffTheList() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient first = gateway.connectAndAuth();
                RawClient second = gateway.connectAndAuth()) {
            first.ask("listen");
            second.ask("listen");
            first.reset();
            gateway.arrive("0-0", message(1));
            assertThat(ids(second, 1)).containsExactly(AT + "-1");
            assertThat(gateway.services.listening).hasSize(1);
            second.hangUp();
            await().until(gateway.services.listening::isEmpty);
        }
    }

    @Test
    void endsWithItsSession() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            gateway.services.lookAgainMillis = 60_000;
            client.ask("listen");
            gateway.services.inboxCommand = command -> inboxRefused(Refusal.SESSION_UNKNOWN);
            gateway.sessionEnded();
            assertThat(client.reply()).isEqualTo("{\"event\": \"closing\", \"reason\": \"session\"}");
            assertThat(client.ending()).isEqualTo("end");
        }
    }

    @Test
    void answersWhatWasAskedBeforeItSaysGoodbye() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            client.ask("listen");
            Promise<SessionBatchReply> slow = Promise.promise();
            gateway.services.session = batch -> slow.future();
            client.say("logout\nping\n");
            await().until(() -> !gateway.services.sessionBatches.isEmpty());
            gateway.services.inboxCommand = command -> inboxRefused(Refusal.SESSION_UNKNOWN);
            gateway.sessionEnded();
            await().until(() -> gateway.services.count(InboxCommand.OperationCase.LISTEN) == 2);
            gateway.services
                    .answerSession(gateway.services.sessionBatches.element())
                    .onComplete(slow);
            assertThat(client.reply()).contains("Terima Kasih");
            assertThat(client.reply()).contains("pong");
            assertThat(client.reply()).isEqualTo("{\"event\": \"closing\", \"reason\": \"session\"}");
            assertThat(client.ending()).isEqualTo("end");
        }
    }

    @Test
    void seesForItselfThatItsSessionHasEnded() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            gateway.services.lookAgainMillis = 100;
            client.ask("listen");
            gateway.services.inboxCommand = command -> inboxRefused(Refusal.SESSION_UNKNOWN);
            assertThat(client.reply()).contains("\"closing\"").contains("\"session\"");
        }
    }

    @Test
    void goesOnWhenAnotherSessionOfTheUserHasEnded() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            gateway.services.lookAgainMillis = 60_000;
            client.ask("listen");
            gateway.sessionEnded();
            await().until(() -> gateway.services.count(InboxCommand.OperationCase.LISTEN) == 2);
            gateway.arrive("0-0", message(1));
            assertThat(ids(client, 1)).containsExactly(AT + "-1");
        }
    }

    @Test
    void anotherUsersLogInEndsItAndTheSameUsersDoesNot() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            client.ask("listen");
            client.ask("auth messi surabaya");
            client.ask("resume " + TOKEN);
            gateway.arrive("0-0", message(1));
            assertThat(ids(client, 1)).containsExactly(AT + "-1");
            client.ask("auth henderson surabaya");
            await().until(gateway.services.listening::isEmpty);
        }
    }

    @Test
    void triesAgainWhenTheServiceCannotBeReached() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            gateway.services.lookAgainMillis = 100;
            client.ask("listen");
            gateway.services.inboxCommand = command -> inboxRefused(Refusal.UNAVAILABLE);
            long before = gateway.services.count(InboxCommand.OperationCase.LISTEN);
            await().until(() -> gateway.services.count(InboxCommand.OperationCase.LISTEN) > before);
            gateway.services.pending = messages(1);
            gateway.services.inboxCommand = gateway.services::succeed;
            assertThat(ids(client, 1)).containsExactly(AT + "-1");
        }
    }

    @Test
    void isToldWhenItsNodeLeaves() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, drainWithin(Duration.ofSeconds(2)));
                RawClient client = gateway.connectAndAuth()) {
            client.ask("listen");
            Future<Void> drained = gateway.drain();
            assertThat(client.reply())
                    .matches("\\{\"event\": \"closing\", \"reason\": \"drain\", \"retry_after_ms\": [1-9]\\d{2,3}}");
            assertThat(client.ending()).isEqualTo("end");
            GatewayUnderTest.await(drained);
        }
    }

    @Test
    void readsNothingFromRedisForAClientThatReadsNothing() throws IOException {
        String text = "x".repeat(16 << 10);
        List<StoredMessage> many = IntStream.rangeClosed(1, 1_000)
                .mapToObj(i -> messageOf(i, text))
                .toList();
        try (GatewayUnderTest gateway =
                        GatewayUnderTest.start(new GatewayLimits(64 << 10, 0, 1_000, 128 << 10, 64 << 20), PATIENT);
                RawClient client = RawClient.connect(gateway.port(), 8 << 10)) {
            client.ask("auth messi surabaya");
            gateway.services.pending = many;
            assertThat(client.ask("listen")).isEqualTo(LISTENING);
            await("no more questions")
                    .during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        long now = gateway.services.count(InboxCommand.OperationCase.LISTEN);
                        return now < 400 && now == stable(gateway, now);
                    });
            assertThat(ids(client, 1_000))
                    .isEqualTo(many.stream().map(StoredMessage::getId).toList());
            // Behind all of it, in its place.
            gateway.arrive(AT + "-1000", message(1_001));
            assertThat(ids(client, 1)).containsExactly(AT + "-1001");
        }
    }

    private static long stable(GatewayUnderTest gateway, long before) {
        return gateway.services.count(InboxCommand.OperationCase.LISTEN) == before ? before : -1;
    }

    @Test
    void cutsOffAClientThatNeverReads() throws IOException {
        GatewayTimeouts hasty = new GatewayTimeouts(
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(20));
        try (GatewayUnderTest gateway =
                        GatewayUnderTest.start(new GatewayLimits(64 << 10, 0, 1_000, 128 << 10, 64 << 20), hasty);
                RawClient client = RawClient.connect(gateway.port(), 8 << 10)) {
            client.ask("auth messi surabaya");
            gateway.services.pending = new ArrayList<>(Collections.nCopies(1, messageOf(1, "x".repeat(8 << 20))));
            assertThat(client.ask("listen")).isEqualTo(LISTENING);
            await().atMost(Duration.ofSeconds(30)).until(gateway.services.listening::isEmpty);
            assertThatThrownBy(() -> client.skip(8 << 20)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void refusesWhatIsNotWellFormed() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            for (String line : List.of(
                    "listen after",
                    "listen after 5",
                    "listen after 5-5 more",
                    "listen " + TOKEN + " 5-5",
                    "unlisten now",
                    "fetch limit",
                    "fetch limit 0",
                    "fetch limit 1001",
                    "fetch limit -1",
                    "fetch after x",
                    "fetch after 1-1 limit 1 more",
                    "ack",
                    "ack x",
                    "ack " + TOKEN,
                    "ack " + TOKEN + " 1-1 more")) {
                assertThat(client.ask(line)).as(line).contains("\"ARGUMENTS_WRONG\"");
            }
            for (String line : List.of("listen wrong", "fetch wrong", "fetch wrong limit 5", "ack wrong 1-1")) {
                assertThat(client.ask(line)).as(line).contains("\"SESSION_UNKNOWN\"");
            }
            try (RawClient stranger = gateway.connect()) {
                for (String line : List.of("listen", "fetch", "ack 1-1")) {
                    assertThat(stranger.ask(line)).as(line).contains("\"SESSION_UNKNOWN\"");
                }
                assertThat(stranger.ask("unlisten")).contains("Stopped");
            }
        }
    }

    @Test
    void showsPendingMessagesAndRemovesThemWhenTheyAreAcknowledged() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            gateway.services.pending = messages(3);
            assertThat(client.ask("fetch after " + AT + "-1 limit 2"))
                    .isEqualTo("{\"status\": \"OK\", \"messages\": ["
                            + "{\"id\": \"" + AT + "-2\", \"from\": \"henderson\", \"name\": \"Jordan Henderson\","
                            + " \"to\": \"messi\", \"text\": \"text 2\", \"at\": \"2025-01-01T00:00:00.007Z\"}, "
                            + "{\"id\": \"" + AT + "-3\", \"from\": \"henderson\", \"name\": \"Jordan Henderson\","
                            + " \"to\": \"messi\", \"text\": \"text 3\", \"at\": \"2025-01-01T00:00:00.007Z\"}]"
                            + ", \"more\": false}");
            assertThat(client.ask("@f fetch " + TOKEN)).endsWith("], \"more\": true, \"tag\": \"f\"}");
            assertThat(client.ask("ack " + AT + "-2")).isEqualTo("{\"status\": \"OK\", \"removed\": 2}");
            assertThat(client.ask("ack " + TOKEN + " " + AT + "-2")).isEqualTo("{\"status\": \"OK\", \"removed\": 0}");
            assertThat(client.ask("fetch limit 1000")).contains(AT + "-3").doesNotContain(AT + "-2");
        }
    }

    private static StoredMessage message(int number) {
        return messageOf(number, "text " + number);
    }

    private static StoredMessage messageOf(int number, String text) {
        return ScriptedServices.message(AT + "-" + number, "henderson", "Jordan Henderson", text);
    }

    private static List<StoredMessage> messages(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(ListenIT::message).toList();
    }

    private static List<String> ids(RawClient client, int count) throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String event = client.reply();
            assertThat(event).startsWith("{\"event\": \"message\", \"id\": \"");
            ids.add(event.split("\"", -1)[7]);
        }
        return ids;
    }
}
