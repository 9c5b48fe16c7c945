package io.pesan.gateway;

import static io.pesan.contract.bus.proto.InboxCommand.OperationCase.CONFIRM;
import static io.pesan.contract.bus.proto.InboxCommand.OperationCase.RELEASE;
import static io.pesan.contract.bus.proto.InboxCommand.OperationCase.RENEW;
import static io.pesan.contract.bus.proto.InboxCommand.OperationCase.SEND;
import static io.pesan.contract.bus.proto.InboxCommand.OperationCase.TAKE;
import static io.pesan.gateway.ScriptedServices.TOKEN;
import static io.pesan.gateway.ScriptedServices.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pesan.contract.bus.proto.HandoverSettled;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** One node alone, and one answer of its inbox service that gets lost after the batch was carried out. */
class LostAnswerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final GatewayUnderTest gateway = GatewayUnderTest.start();
    private final ScriptedServices services = gateway.services;
    private final Logger logger = (Logger) LoggerFactory.getLogger(Handover.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void fillTheInbox() {
        services.pending = List.of(message("7-1", "messi", "Lionel Messi", "hola"));
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        logger.setLevel(null);
        gateway.close();
    }

    private void loseTheAnswerTo(InboxCommand.OperationCase operation) {
        services.inbox = batch -> {
            boolean lost =
                    batch.getCommandsList().stream().anyMatch(command -> command.getOperationCase() == operation);
            if (lost) {
                services.inbox = services::answerInbox;
                services.answerInbox(batch);
                return Promise.<InboxBatchReply>promise().future();
            }
            return services.answerInbox(batch);
        };
    }

    /** Both attempts at the batch with the operation. */
    private List<InboxBatch> attempts(InboxCommand.OperationCase operation) {
        List<InboxBatch> batches = services.inboxBatches.stream()
                .filter(batch -> batch.getCommands(0).getOperationCase() == operation)
                .limit(2)
                .toList();
        assertThat(batches).hasSize(2);
        return batches;
    }

    private void assertRepeated(InboxCommand.OperationCase operation) {
        InboxBatch first = attempts(operation).get(0);
        InboxBatch second = attempts(operation).get(1);
        assertThat(first.getFirstSentMs()).isZero();
        assertThat(second.getFirstSentMs()).isPositive().isLessThan(first.getDeadlineMs());
        assertThat(second.getNumber()).isEqualTo(first.getNumber());
        assertThat(second.getLane()).isEqualTo(first.getLane());
        assertThat(second.getCommandsList()).isEqualTo(first.getCommandsList());
    }

    @Test
    void isNoReasonToTellASenderThatNothingIsKnown() throws IOException {
        loseTheAnswerTo(SEND);
        try (RawClient client = gateway.connect()) {
            assertThat(client.ask("send " + TOKEN + " henderson hola")).contains("Message Sent");
        }
        assertRepeated(SEND);
    }

    @Test
    void isNoReasonToKeepMessagesFromWhoTakesThem() throws IOException {
        loseTheAnswerTo(TAKE);
        try (RawClient client = gateway.connect()) {
            assertThat(client.ask("inbox " + TOKEN)).contains("hola");
        }
        assertRepeated(TAKE);
    }

    @Test
    void ofAConfirmationIsMadeUpForAndNotTakenForALapsedLease() throws IOException {
        services.inboxCommand = command -> {
            boolean again = command.hasConfirm() && services.pending.isEmpty();
            return again
                    ? InboxResult.newBuilder()
                            .setSettled(HandoverSettled.getDefaultInstance())
                            .build()
                    : services.succeed(command);
        };
        loseTheAnswerTo(CONFIRM);
        try (RawClient client = gateway.connect()) {
            assertThat(client.ask("inbox " + TOKEN)).contains("hola");
            assertThat(client.ask("ping")).contains("pong");
            await().atMost(PATIENCE).until(() -> services.count(CONFIRM) == 2);
            assertRepeated(CONFIRM);
            assertThat(client.ask("inbox " + TOKEN)).contains("\"messages\": {}");
        }
        assertThat(services.count(CONFIRM)).isEqualTo(2);
        assertThat(log.list).isEmpty();
    }

    @Test
    void ofARenewalIsMadeUpFor() throws IOException {
        loseTheAnswerTo(RENEW);
        try (RawClient client = gateway.connect()) {
            assertThat(client.ask("inbox " + TOKEN)).contains("hola");
            await().atMost(PATIENCE).until(() -> services.count(RENEW) >= 2);
            assertRepeated(RENEW);
        }
    }

    @Test
    void ofAReleaseIsMadeUpFor() throws IOException {
        loseTheAnswerTo(RELEASE);
        try (RawClient client = gateway.connect()) {
            assertThat(client.ask("inbox " + TOKEN)).contains("hola");
            client.reset();
            await().atMost(PATIENCE).until(() -> services.count(RELEASE) == 2);
            assertRepeated(RELEASE);
        }
    }
}
