package io.pesan.inbox;

import static io.pesan.inbox.Commands.batch;
import static io.pesan.inbox.Commands.confirm;
import static io.pesan.inbox.Commands.release;
import static io.pesan.inbox.Commands.renew;
import static io.pesan.inbox.Commands.send;
import static io.pesan.inbox.Commands.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.Session;
import io.pesan.redis.SessionLookup;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls are shown as {@code append(henderson: hola, apa)}, {@code take(messi)} and so on. */
class BatchPlanTest {

    private static final Map<String, Session> SESSIONS = Map.of(
            "M", Inboxes.session(new Username("messi")),
            "H", Inboxes.session(new Username("henderson")));

    private List<InboxResult> results = List.of();

    @Test
    void sendsAllMessagesToOneRecipientInOneCallInTheirOrder() {
        assertThat(plan(
                        send(0, "M", "henderson", "1"),
                        send(1, "H", "messi", "2"),
                        send(1, "H", "henderson", "3"),
                        send(0, "M", "henderson", "4")))
                .containsExactly("append(henderson: 1, 3, 4)", "append(messi: 2)");
    }

    @Test
    void takesBehindWhatTheSameConnectionSentBefore() {
        assertThat(plan(send(0, "M", "messi", "1"), take(0, "M", "lease"), send(0, "M", "messi", "2")))
                .containsExactly("append(messi: 1)", "take(messi)", "append(messi: 2)");
    }

    @Test
    void sendsBehindWhatTheSameConnectionTookBefore() {
        assertThat(plan(take(0, "M", "lease"), send(0, "M", "messi", "1")))
                .containsExactly("take(messi)", "append(messi: 1)");
    }

    @Test
    void keepsConnectionsApart() {
        assertThat(plan(
                        send(0, "M", "henderson", "1"),
                        take(1, "H", "lease"),
                        send(2, "M", "henderson", "2"),
                        send(1, "H", "henderson", "3"),
                        take(0, "M", "lease")))
                .containsExactly("append(henderson: 1, 2)", "take(henderson)", "append(henderson: 3)", "take(messi)");
    }

    @Test
    void settlesHandoversInTheOrderOfTheCommands() {
        assertThat(plan(
                        renew(0, "messi", "lease"),
                        confirm(0, "messi", "lease", "1-0"),
                        take(0, "M", "lease"),
                        release(0, "messi", "lease")))
                .containsExactly("renew(messi)", "remove(messi)", "take(messi)", "release(messi)");
    }

    @Test
    void beginsAnotherCallWhenOneHoldsAsMuchAsItMay() {
        List<InboxCommand> commands = new ArrayList<>();
        for (int i = 0; i < AppendCall.MAX_MESSAGES + 1; i++) {
            commands.add(send(0, "M", "henderson", "" + i));
        }
        assertThat(plan(commands.toArray(InboxCommand[]::new)))
                .hasSize(2)
                .last()
                .isEqualTo("append(henderson: " + AppendCall.MAX_MESSAGES + ")");
    }

    @Test
    void refusesUnknownSessionsFirstAndAsksRedisNothingForThem() {
        assertThat(plan(send(0, "?", "no name!", "1"), take(0, "?", "lease"))).isEmpty();
        assertThat(results)
                .extracting(result -> result.getRefused().getReason())
                .containsOnly(Refusal.SESSION_UNKNOWN);
    }

    @Test
    void knowsNoRecipientThatNoAccountCanBe() {
        assertThat(plan(send(0, "M", "no name!", "1"), send(0, "M", "", "2"))).isEmpty();
        assertThat(results)
                .extracting(result -> result.getRefused().getReason())
                .containsOnly(Refusal.RECIPIENT_UNKNOWN);
    }

    @Test
    void settlesNoHandoverThatCannotBe() {
        assertThat(plan(
                        confirm(0, "messi", "lease", "no id"),
                        confirm(0, "no name!", "lease", "1-0"),
                        release(0, "no name!", "lease"),
                        renew(0, "no name!", "lease")))
                .isEmpty();
        assertThat(results)
                .allMatch(result -> result.hasSettled() && !result.getSettled().getHeld());
    }

    @Test
    void refusesOperationsOfANewerRelease() {
        assertThat(plan(InboxCommand.getDefaultInstance())).isEmpty();
        assertThat(results.get(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
    }

    @Test
    void keepsTheOrderEvenIfAnOrdinalIsOutOfRange() {
        assertThat(plan(send(-1, "M", "messi", "1"), take(-1, "M", "lease")))
                .containsExactly("append(messi: 1)", "take(messi)");
    }

    private List<String> plan(InboxCommand... commands) {
        BatchResults recorded = new BatchResults(commands.length, InboxMetrics.NONE);
        BatchPlan plan = new BatchPlan(
                new SessionLookup.Found(0, SESSIONS),
                Inboxes.NO_QUOTA,
                Inboxes.NO_DEADLINE,
                new BatchTag("lane.1."),
                recorded);
        plan.addAll(batch(commands));
        results = recorded.reply().getResultsList();
        return plan.calls().stream().map(BatchPlanTest::show).toList();
    }

    private static String show(InboxCall call) {
        if (call instanceof AppendCall append) {
            return "append(" + owner(append.request()) + ": " + String.join(", ", texts(append.request())) + ")";
        }
        String kind = call.getClass().getSimpleName().replace("Call", "").toLowerCase(Locale.ROOT);
        return kind + "(" + owner(call.request()) + ")";
    }

    private static String owner(Request request) {
        String key = words(request).get(2);
        return key.substring(key.indexOf('{') + 1, key.indexOf('}'));
    }

    private static List<String> texts(Request request) {
        List<String> words = words(request);
        List<String> texts = new ArrayList<>();
        for (String message : words.subList(10, words.size())) {
            texts.add(StoredText.decode("0-0", message).getText());
        }
        return texts;
    }

    /** SHA-1, number of keys, keys, arguments. */
    private static List<String> words(Request request) {
        List<String> words = new ArrayList<>();
        String[] lines = request.toString().split("\r\n", -1);
        for (int i = 4; i < lines.length; i += 2) {
            words.add(lines[i]);
        }
        return words;
    }
}
