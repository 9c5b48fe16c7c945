package io.pesan.gateway;

import static io.pesan.gateway.GatewayUnderTest.LIMITS;
import static io.pesan.gateway.GatewayUnderTest.PATIENT;
import static io.pesan.gateway.GatewayUnderTest.timeouts;
import static io.pesan.gateway.ScriptedServices.TOKEN;
import static io.pesan.gateway.ScriptedServices.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.gateway.GatewayMetrics.CloseReason;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client may take, and for how long. */
class LimitsIT {

    private static final Duration OFF = Duration.ZERO;
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONGER = Duration.ofMillis(2_500);

    /** Says it on a thread of its own, as it may be held up; completes with whether it could be said. */
    private static CompletableFuture<Boolean> sayMeanwhile(RawClient client, String text) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        client.say(text);
                        return true;
                    } catch (IOException cutOff) {
                        return false;
                    }
                },
                task -> new Thread(task, "says").start());
    }

    @Test
    void takesALineOfExactlyTheLimit() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connectAndAuth()) {
            String command = "send henderson ";
            String text = "x".repeat((64 << 10) - command.length());
            assertThat(client.ask(command + text)).contains("Message Sent");
            assertThat(gateway.services.inboxCommands().get(0).getSend().getText())
                    .isEqualTo(text);
            assertThat(client.ask(command + text + "x")).contains("LINE_TOO_LONG");
            assertThat(client.ending()).isEqualTo("end");
            assertThat(gateway.services.count(InboxCommand.OperationCase.SEND)).isEqualTo(1);
        }
    }

    @Test
    void letsAClientReadThatItsLineIsTooLongThoughItKeepsSending() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = gateway.connect()) {
            client.say("ping\n");
            CompletableFuture<Boolean> said = sayMeanwhile(client, "x".repeat(5 << 20));
            assertThat(client.replies(2)).last().asString().contains("LINE_TOO_LONG");
            assertThat(client.ending()).isEqualTo("end");
            assertThat(said).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(true);
        }
    }

    /** The reset may be there before the client has noticed that it is connected. */
    private static String endingOfANewConnection(GatewayUnderTest gateway) throws IOException {
        try (RawClient client = gateway.connect()) {
            return client.ending();
        } catch (SocketException early) {
            return "reset";
        }
    }

    @Test
    void turnsAwayMoreConnectionsThanItMayHave() throws IOException {
        GatewayLimits two = new GatewayLimits(1_024, 2, 10, 1 << 20, 64 << 20);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(two, PATIENT);
                RawClient first = gateway.connect();
                RawClient second = gateway.connect()) {
            gateway.expectComplaint("gateway.max-connections is reached");
            assertThat(first.ask("ping")).contains("pong");
            assertThat(second.ask("ping")).contains("pong");
            for (int i = 0; i < 5; i++) {
                assertThat(endingOfANewConnection(gateway)).isEqualTo("reset");
            }
            assertThat(gateway.complaints("gateway.max-connections is reached")).isEqualTo(1);
            first.hangUp();
            await().ignoreExceptions().untilAsserted(() -> {
                try (RawClient third = gateway.connect()) {
                    assertThat(third.ask("ping")).contains("pong");
                }
            });
        }
    }

    @Test
    void readsNoFurtherThanItMayPipeline() throws IOException {
        int count = 20_000;
        GatewayLimits ten = new GatewayLimits(64 << 10, 0, 10, 1 << 20, 64 << 20);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(ten, PATIENT);
                RawClient client = gateway.connectAndAuth()) {
            Promise<InboxBatchReply> held = Promise.promise();
            gateway.services.inbox = batch -> held.future();
            // More than sockets buffer on both sides.
            CompletableFuture<Boolean> said =
                    sayMeanwhile(client, ("send henderson " + "x".repeat(1_000) + "\n").repeat(count));
            await().until(() -> !gateway.services.inboxBatches.isEmpty());
            assertThat(client.endingWithin(SHORT)).isEqualTo("open");
            assertThat(said).as("held up").isNotDone();
            assertThat(gateway.services.inboxBatches.element().getCommandsCount())
                    .isLessThanOrEqualTo(10);
            gateway.services.inbox = gateway.services::answerInbox;
            gateway.services
                    .answerInbox(gateway.services.inboxBatches.element())
                    .onComplete(held);
            for (int i = 0; i < count; i++) {
                assertThat(client.reply()).contains("Message Sent");
            }
            assertThat(said).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(true);
            assertThat(gateway.services.inboxBatches).allMatch(batch -> batch.getCommandsCount() <= 10);
        }
    }

    @Test
    void cutsAClientOffThatReadsNothing() throws IOException {
        GatewayLimits narrow = new GatewayLimits(1_024, 0, 1_000, 64 << 10, 64 << 20);
        GatewayTimeouts hasty = new GatewayTimeouts(OFF, OFF, OFF, OFF, SHORT, SHORT);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(narrow, hasty);
                RawClient client = gateway.connect();
                RawClient other = gateway.connect()) {
            CompletableFuture<Boolean> said = sayMeanwhile(client, "help\n".repeat(4 << 20));
            assertThat(other.ask("ping")).contains("pong");
            assertThat(said).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(false);
        }
    }

    @Test
    void resetsStrangersThatHoldMostWhenAllTogetherHoldTooMuch() throws IOException {
        GatewayLimits little = new GatewayLimits(64 << 10, 0, 1_000, 1 << 20, 1 << 20);
        String line = "send " + TOKEN + " henderson " + "x".repeat(50_000);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(little, PATIENT);
                RawClient known = gateway.connectAndAuth()) {
            gateway.expectComplaint("gateway.max-buffered-bytes is reached");
            known.say(line);
            List<RawClient> strangers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                strangers.add(gateway.connect());
                strangers.get(i).say(line);
            }
            await().until(() -> gateway.complaints("gateway.max-buffered-bytes is reached") > 0);
            assertThat(known.ask("")).contains("Message Sent");
            // What forty lines take that are begun, in buffers that double, and no more of it than a quarter is left
            // free.
            await().during(SHORT)
                    .untilAsserted(() -> assertThat(gateway.counts.ended())
                            .hasSizeBetween(20, 32)
                            .containsOnly(CloseReason.MEMORY));
            int reset = 0;
            for (RawClient stranger : strangers) {
                reset += stranger.endingWithin(Duration.ofMillis(20)).equals("reset") ? 1 : 0;
            }
            assertThat(gateway.counts.ended()).hasSize(reset);
            for (RawClient stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void holdsLittleForAStrangerThatDoesNotRead() throws IOException {
        int strangersCount = 8;
        try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
            List<RawClient> strangers = new ArrayList<>();
            List<CompletableFuture<Boolean>> said = new ArrayList<>();
            for (int i = 0; i < strangersCount; i++) {
                strangers.add(RawClient.connect(gateway.port(), 4_096));
                said.add(sayMeanwhile(strangers.get(i), "help\n".repeat(2 << 20)));
            }
            await().until(() -> gateway.counts.buffered() > strangersCount * (64L << 10));
            try (RawClient witness = gateway.connect()) {
                await().during(Duration.ofSeconds(2))
                        .until(() -> witness.ask("ping").contains("pong")
                                && gateway.counts.buffered() < strangersCount * (512L << 10));
            }
            assertThat(said).noneMatch(CompletableFuture::isDone);
            for (RawClient stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void cutsOffAStrangerThatHangsOnByReadingSlowly() throws Exception {
        GatewayTimeouts hasty = new GatewayTimeouts(SHORT, OFF, OFF, OFF, Duration.ofSeconds(5), SHORT);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, hasty);
                RawClient stranger = RawClient.connect(gateway.port(), 4_096)) {
            CompletableFuture<Boolean> said = sayMeanwhile(stranger, "help\n".repeat(4 << 20));
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        try {
                            // Enough for the kernel to take more from the gateway well within its patience.
                            stranger.skip(200_000);
                            return false;
                        } catch (IOException ended) {
                            // A reset; or an end, if the writing thread has been told of the reset.
                            return true;
                        }
                    });
            assertThat(said).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(false);
            await().untilAsserted(
                            () -> assertThat(gateway.counts.ended()).containsExactly(CloseReason.FIRST_AUTH_TIMEOUT));
        }
    }

    @Test
    void takesNoClientsSlownessToReadOneReplyForAFaultOfItsOwn() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = RawClient.connect(gateway.port(), 4_096)) {
            gateway.services.pending = Collections.nCopies(10_000, message("7-1", "messi", "M", "x".repeat(1_000)));
            client.say("inbox " + TOKEN + "\n");
            await().until(() -> gateway.counts.buffered() > 1 << 20);
            client.say("send " + TOKEN + " henderson later\n");
            // Longer than any command takes.
            await().pollDelay(Duration.ofMillis(5_500)).until(() -> true);
            assertThat(client.reply()).contains("messages");
            assertThat(client.reply()).contains("Message Sent");
        }
    }

    @Test
    void takesNoClientsSlownessForAFaultOfItsOwn() throws IOException {
        int count = 400;
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient client = RawClient.connect(gateway.port(), 4_096)) {
            gateway.services.listManyUsers();
            client.say("listuser %s\n".formatted(TOKEN).repeat(count));
            await().until(() -> gateway.services.sessionBatches.size() > 1);
            // Longer than any command takes.
            await().pollDelay(Duration.ofMillis(5_500)).until(() -> true);
            assertThat(gateway.services.sessionBatches).hasSizeLessThan(count);
            assertThat(client.replies(count)).allMatch(reply -> reply.contains("OK"));
        }
    }

    @Test
    void cutsOffWhoShowsNoSessionInTime() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, timeouts(SHORT, OFF, OFF, OFF));
                RawClient silent = gateway.connect();
                RawClient failing = gateway.connect();
                RawClient extended = gateway.connect();
                RawClient known = gateway.connectAndAuth();
                RawClient withToken = gateway.connect()) {
            assertThat(failing.ask("inbox")).contains("SESSION_UNKNOWN");
            assertThat(extended.ask("ping")).contains("pong");
            assertThat(withToken.ask("inbox " + TOKEN)).contains("OK");
            assertThat(silent.ending()).isEqualTo("reset");
            assertThat(failing.ending()).isEqualTo("reset");
            assertThat(extended.ending()).isEqualTo("end");
            assertThat(known.endingWithin(LONGER)).isEqualTo("open");
            assertThat(withToken.ask("inbox " + TOKEN)).contains("OK");
        }
    }

    @Test
    void cutsOffWhoNeverEndsALine() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, timeouts(OFF, SHORT, OFF, OFF));
                RawClient first = gateway.connect();
                RawClient extended = gateway.connect();
                RawClient blank = gateway.connect()) {
            assertThat(extended.ask("ping")).contains("pong");
            extended.say("pi");
            assertThat(first.say("au").ending()).isEqualTo("reset");
            assertThat(extended.ending()).isEqualTo("end");
            assertThat(blank.say(" \r\n \t").endingWithin(LONGER)).isEqualTo("open");
        }
    }

    @Test
    void timesEachLineByItself() throws IOException {
        Duration perLine = SHORT.multipliedBy(3);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, timeouts(OFF, perLine, OFF, OFF));
                RawClient client = gateway.connect()) {
            client.say("pi");
            for (int i = 0; i < 15; i++) {
                assertThat(client.endingWithin(perLine.dividedBy(10))).isEqualTo("open");
                assertThat(client.say("ng\npi").reply()).contains("pong");
            }
        }
    }

    @Test
    void cutsOffWhoIsIdleByTheKindOfClient() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, timeouts(OFF, OFF, SHORT, OFF));
                RawClient first = gateway.connectAndAuth();
                RawClient extended = gateway.connectAndAuth()) {
            assertThat(extended.ask("ping")).contains("pong");
            assertThat(extended.ending()).isEqualTo("end");
            assertThat(first.endingWithin(LONGER)).isEqualTo("open");
        }
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, timeouts(OFF, OFF, OFF, SHORT));
                RawClient first = gateway.connectAndAuth();
                RawClient extended = gateway.connectAndAuth()) {
            assertThat(extended.ask("ping")).contains("pong");
            assertThat(first.ending()).isEqualTo("reset");
            assertThat(extended.endingWithin(LONGER)).isEqualTo("open");
        }
    }

    @Test
    void isPatientWithWhoWaitsForItsAnswer() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, timeouts(SHORT, SHORT, SHORT, SHORT));
                RawClient client = gateway.connect()) {
            gateway.services.inbox = batch -> Promise.<InboxBatchReply>promise().future();
            assertThat(client.ask("send " + TOKEN + " henderson hola")).contains("UNAVAILABLE");
            assertThat(client.ending()).isEqualTo("reset");
        }
    }
}
