package io.pesan.gateway;

import static io.pesan.contract.bus.proto.InboxCommand.OperationCase.CONFIRM;
import static io.pesan.contract.bus.proto.InboxCommand.OperationCase.RELEASE;
import static io.pesan.contract.bus.proto.InboxCommand.OperationCase.RENEW;
import static io.pesan.contract.bus.proto.InboxCommand.OperationCase.TAKE;
import static io.pesan.gateway.GatewayUnderTest.LIMITS;
import static io.pesan.gateway.ScriptedServices.OTHER_TOKEN;
import static io.pesan.gateway.ScriptedServices.TOKEN;
import static io.pesan.gateway.ScriptedServices.inboxRefused;
import static io.pesan.gateway.ScriptedServices.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pesan.contract.bus.proto.ConfirmHandover;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.bus.proto.Taken;
import io.pesan.contract.protocol.Token;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an inbox reply counts as handed over. */
class HandoverIT {

    /** Sooner than by {@link #PATIENCE}. */
    private static final Duration AT_ONCE = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENTLY = Duration.ofSeconds(20);

    private final GatewayUnderTest gateway = GatewayUnderTest.start();
    private final ScriptedServices services = gateway.services;

    @BeforeEach
    void fillTheInbox() {
        services.pending = List.of(message("7-1", "messi", "Lionel Messi", "hola"), message("7-2", "messi", "M", "2"));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void fillTheInboxWith500KiB() {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            messages.add(message("7-" + i, "messi", "Lionel Messi", "x".repeat(1_000)));
        }
        services.pending = messages;
    }

    private void awaitOne(InboxCommand.OperationCase operation, Duration within) {
        await().atMost(within).until(() -> services.count(operation) == 1);
    }

    private void assertConfirmed(String lastId) {
        ConfirmHandover confirm = find(CONFIRM).getConfirm();
        assertThat(confirm.getUsername()).isEqualTo("henderson");
        assertThat(confirm.getLease()).isEqualTo(find(TAKE).getTake().getLease());
        assertThat(confirm.getLastId()).isEqualTo(lastId);
        assertThat(services.count(RELEASE)).isZero();
    }

    private InboxCommand find(InboxCommand.OperationCase operation) {
        return services.inboxCommands().stream()
                .filter(command -> command.getOperationCase() == operation)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isConfirmedByTheNextCommandInItsOrder() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            assertThat(client.ask("inbox")).contains("hola");
            assertThat(services.count(CONFIRM)).isZero();
            assertThat(client.ask("inbox")).contains("\"messages\": {}");
            assertConfirmed("7-2");
            assertThat(services.inboxCommands())
                    .extracting(InboxCommand::getOperationCase)
                    .containsExactly(TAKE, CONFIRM, TAKE);
        }
    }

    @Test
    void isConfirmedByTheFirstByteOfACommandReadAfterTheReplyThoughItsEndComesLater() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            assertThat(client.ask("inbox")).contains("hola");
            assertThat(client.say("pi").say("ng\n").reply()).contains("pong");
            awaitOne(CONFIRM, AT_ONCE);
            assertConfirmed("7-2");
        }
    }

    @Test
    void ofTwoUsersOnOneConnectionAreConfirmedTogether() throws IOException {
        services.inboxCommand =
                command -> command.hasTake() && command.getTake().getSession().equals(new Token(OTHER_TOKEN).hash())
                        ? InboxResult.newBuilder()
                                .setTaken(Taken.newBuilder()
                                        .setUsername("lineker")
                                        .setName("Gary Lineker")
                                        .addMessages(message("9-1", "messi", "Lionel Messi", "ciao")))
                                .build()
                        : services.succeed(command);
        try (RawClient client = gateway.connect()) {
            client.say("inbox " + TOKEN + "\ninbox " + OTHER_TOKEN + "\n");
            assertThat(client.reply()).contains("hola");
            assertThat(client.reply()).contains("ciao");
            client.ask("ping");
            await().atMost(AT_ONCE).until(() -> services.count(CONFIRM) == 2);
            assertThat(services.inboxCommands().stream()
                            .filter(InboxCommand::hasConfirm)
                            .map(command -> command.getConfirm().getUsername()))
                    .containsExactly("henderson", "lineker");
            assertThat(services.count(RELEASE)).isZero();
        }
    }

    @Test
    void isConfirmedByACommandThatIsWrong() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            assertThat(client.ask("inbox")).contains("hola");
            assertThat(client.ask("nonsense")).contains("COMMAND_UNKNOWN");
            awaitOne(CONFIRM, AT_ONCE);
        }
    }

    @Test
    void isNotConfirmedByPipelinedCommands() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            client.say("inbox\nping\nwhoami\nsend x y\n");
            assertThat(client.replies(4).get(0)).contains("hola");
            assertThat(client.endingWithin(Duration.ofSeconds(1))).isEqualTo("open");
            assertThat(services.count(CONFIRM)).isZero();
            client.reset();
            awaitOne(RELEASE, PATIENTLY);
            assertThat(services.count(CONFIRM)).isZero();
        }
    }

    @Test
    void isNotConfirmedByCommandsThatWereReadBeforeTheReplyAndHadToWait() throws IOException {
        Promise<InboxBatchReply> held = Promise.promise();
        services.inbox = batch -> held.future();
        int twiceAsManyAsMayWait = 2 * LIMITS.maxPipelined();
        String longLine = "@" + "x".repeat(64) + " ping\n";
        try (RawClient client = gateway.connectAndAuth();
                RawClient other = gateway.connect()) {
            client.say("inbox\n" + longLine.repeat(twiceAsManyAsMayWait));
            await().until(() -> services.count(TAKE) == 1);
            awaitReading(other);
            services.inbox = services::answerInbox;
            services.answerInbox(services.inboxBatches.element()).onComplete(held);
            assertThat(client.reply()).contains("hola");
            assertThat(client.replies(twiceAsManyAsMayWait)).allMatch(reply -> reply.contains("pong"));
            client.reset();
            awaitOne(RELEASE, PATIENTLY);
            assertThat(services.count(CONFIRM)).isZero();
        }
    }

    /** When the event loop has turned often enough, what clients have said is off their sockets. */
    private static void awaitReading(RawClient witness) throws IOException {
        for (int i = 0; i < 50; i++) {
            witness.ask("ping");
        }
    }

    @Test
    void isNotConfirmedByBlankLinesNorByAHalfReadCommandOfBefore() throws IOException {
        Promise<InboxBatchReply> held = Promise.promise();
        services.inbox = batch -> held.future();
        try (RawClient client = gateway.connectAndAuth()) {
            client.say("inbox\npi");
            await().until(() -> services.count(TAKE) == 1);
            services.inbox = services::answerInbox;
            services.answerInbox(services.inboxBatches.element()).onComplete(held);
            assertThat(client.reply()).contains("hola");
            client.say("ng\n\r\n  \r\n");
            assertThat(client.reply()).contains("pong");
            client.reset();
            awaitOne(RELEASE, PATIENTLY);
            assertThat(services.count(CONFIRM)).isZero();
        }
    }

    @Test
    void isConfirmedByAnOrderlyCloseAfterTheReply() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            assertThat(client.ask("inbox")).contains("hola");
        }
        awaitOne(CONFIRM, AT_ONCE);
        assertConfirmed("7-2");
    }

    @Test
    void isNotConfirmedByAnEndOfInputThatCameBeforeTheReplyAndHadToWait() throws IOException {
        Promise<InboxBatchReply> held = Promise.promise();
        services.inbox = batch -> held.future();
        int asManyAsMayWait = LIMITS.maxPipelined();
        try (RawClient client = gateway.connectAndAuth();
                RawClient other = gateway.connect()) {
            client.say("inbox\n" + "ping\n".repeat(asManyAsMayWait)).endOutput();
            await().until(() -> services.count(TAKE) == 1);
            awaitReading(other);
            services.inbox = services::answerInbox;
            services.answerInbox(services.inboxBatches.element()).onComplete(held);
            assertThat(client.reply()).contains("hola");
            assertThat(client.replies(asManyAsMayWait)).allMatch(reply -> reply.contains("pong"));
            client.reset();
            awaitOne(RELEASE, PATIENTLY);
            assertThat(services.count(CONFIRM)).isZero();
        }
    }

    @Test
    void isConfirmedWhenTheConnectionStaysOpenForFiveSeconds() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            long start = System.nanoTime();
            assertThat(client.ask("inbox")).contains("hola");
            awaitOne(CONFIRM, PATIENTLY);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(PATIENCE.minusMillis(200));
            assertConfirmed("7-2");
            assertThat(services.count(RENEW))
                    .as("the lease was renewed meanwhile")
                    .isBetween(1L, 4L);
        }
    }

    @Test
    void isReleasedByAReset() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            assertThat(client.ask("inbox")).contains("hola");
            client.reset();
        }
        awaitOne(RELEASE, PATIENTLY);
        assertThat(find(RELEASE).getRelease().getLease())
                .isEqualTo(find(TAKE).getTake().getLease());
        assertThat(services.count(CONFIRM)).isZero();
    }

    @Test
    void isReleasedByAResetInTheMiddleOfTheReply() throws IOException {
        fillTheInboxWith500KiB();
        try (RawClient client = RawClient.connect(gateway.port(), 4_096)) {
            client.say("inbox " + TOKEN + "\n").skip(100);
            client.reset();
        }
        awaitOne(RELEASE, PATIENTLY);
        assertThat(services.count(CONFIRM)).isZero();
    }

    @Test
    void isReleasedIfTheClientIsGoneBeforeTheReply() throws IOException {
        Promise<InboxBatchReply> held = Promise.promise();
        services.inbox = batch -> held.future();
        try (RawClient client = gateway.connect()) {
            client.say("inbox " + TOKEN + "\n");
            await().until(() -> services.count(TAKE) == 1);
            client.reset();
        }
        try (RawClient witness = gateway.connect()) {
            witness.ask("ping");
        }
        services.inbox = services::answerInbox;
        services.answerInbox(services.inboxBatches.element()).onComplete(held);
        awaitOne(RELEASE, PATIENTLY);
        assertThat(services.count(CONFIRM)).isZero();
    }

    @Test
    void isNotConfirmedWhileThePeerHasNotAcknowledgedEverything() throws IOException {
        assumeTrue(gateway.vertx.isNativeTransportEnabled(), "only epoll tells what is acknowledged");
        fillTheInboxWith500KiB();
        try (RawClient client = RawClient.connect(gateway.port(), 4_096)) {
            client.say("inbox " + TOKEN + "\n");
            await().atMost(PATIENTLY.multipliedBy(2)).until(() -> services.count(RENEW) >= 4);
            assertThat(services.count(CONFIRM)).isZero();
            assertThat(client.reply()).hasSizeGreaterThan(500_000);
            awaitOne(CONFIRM, PATIENTLY);
            assertConfirmed("7-499");
        }
    }

    @Test
    void ofALargeReplyWithSomethingBehindItIsConfirmedLikeAnyOther() throws IOException {
        fillTheInboxWith500KiB();
        try (RawClient client = gateway.connectAndAuth()) {
            client.say("inbox\nping\nping\n");
            assertThat(client.replies(3).get(0)).hasSizeGreaterThan(500_000);
            assertThat(client.ask("ping")).contains("pong");
            awaitOne(CONFIRM, AT_ONCE);
        }
    }

    @Test
    void ofAHalfClosedClientIsConfirmedAfterFiveSecondsAndThenTheConnectionEnds() throws IOException {
        Promise<InboxBatchReply> held = Promise.promise();
        services.inbox = batch -> held.future();
        try (RawClient client = gateway.connect()) {
            client.say("inbox " + TOKEN + "\n").endOutput();
            await().until(() -> services.count(TAKE) == 1);
            // So that the end of input is read before the reply is written.
            try (RawClient witness = gateway.connect()) {
                witness.ask("ping");
            }
            services.inbox = services::answerInbox;
            services.answerInbox(services.inboxBatches.element()).onComplete(held);
            assertThat(client.reply()).contains("hola");
            assertThat(services.count(CONFIRM)).isZero();
            assertThat(client.ending()).isEqualTo("end");
            assertConfirmed("7-2");
        }
    }

    @Test
    void ofAClientThatQuitsIsConfirmedWhenItCloses() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            List<String> replies = client.say("inbox\nquit\n").replies(2);
            assertThat(replies.get(0)).contains("hola");
            assertThat(replies.get(1)).contains("Bye");
            client.endOutput();
            awaitOne(CONFIRM, AT_ONCE);
            assertThat(client.ending()).isEqualTo("end");
        }
    }

    @Test
    void ofAClientThatQuitsAndWaitsIsConfirmedAndThenTheConnectionEnds() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            assertThat(client.say("inbox\nquit\n").replies(2)).last().asString().contains("Bye");
            assertThat(client.ending()).isEqualTo("end");
            awaitOne(CONFIRM, PATIENTLY);
            assertConfirmed("7-2");
        }
    }

    @Test
    void triesAConfirmationAgainThatGotNoAnswer() throws IOException {
        services.inboxCommand = command -> command.hasConfirm() && services.count(CONFIRM) < 3
                ? inboxRefused(Refusal.UNAVAILABLE)
                : services.succeed(command);
        try (RawClient client = gateway.connectAndAuth()) {
            assertThat(client.ask("inbox")).contains("hola");
        }
        await().atMost(PATIENTLY).until(() -> services.count(CONFIRM) == 3 && services.pending.isEmpty());
    }

    @Test
    void isReleasedByADrain() throws IOException {
        try (GatewayUnderTest leaving =
                        GatewayUnderTest.start(LIMITS, GatewayUnderTest.drainWithin(Duration.ofSeconds(1)));
                RawClient client = leaving.connectAndAuth()) {
            leaving.services.pending = services.pending;
            assertThat(client.ask("@t inbox")).contains("hola");
            GatewayUnderTest.await(leaving.drain());
            assertThat(client.ending()).isEqualTo("end");
            await().atMost(PATIENTLY).until(() -> leaving.services.count(RELEASE) == 1);
            assertThat(leaving.services.count(CONFIRM)).isZero();
        }
    }
}
