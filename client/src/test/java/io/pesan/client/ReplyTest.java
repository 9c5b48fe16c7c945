package io.pesan.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pesan.client.Outcome.Done;
import io.pesan.client.Outcome.Refused;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

    private static final String MESSAGE =
            "{\"id\": \"17-2\", \"from\": \"messi\", \"name\": \"Lionel Messi\", \"to\": \"lineker\","
                    + " \"text\": \"h\\u00f3la\", \"at\": \"2026-11-24T02:46:36.007Z\"";

    @Test
    void readsWhatWasSent() {
        assertThat(reply("{\"status\": \"OK\", \"message\": \"Message Sent\", \"id\": \"17-2\", \"tag\": \"t\"}")
                        .outcome(Reply::sent))
                .isEqualTo(new Done<>(new Sent(Optional.of(new MessageId(17, 2)), false)));
        assertThat(reply("{\"status\": \"OK\", \"message\": \"Message Sent\"}").outcome(Reply::sent))
                .isEqualTo(new Done<>(new Sent(Optional.empty(), false)));
    }

    @Test
    void readsAnInboxInTheOrderOfTheReply() {
        Reply reply = reply(
                "{\"status\": \"OK\", \"messages\": {"
                        + "\"messi\": [{\"msg_from\": \"Lionel Messi\", \"msg_to\": \"Gary Lineker\", \"msg\": \"h\\u00f3la\"},"
                        + " {\"msg_from\": \"Lionel Messi\", \"msg_to\": \"Gary Lineker\", \"msg\": \"2\"}],"
                        + " \"henderson\": [{\"msg_from\": \"Jordan Henderson\", \"msg_to\": \"Gary Lineker\", \"msg\": \"3\"}]}}");
        Username messi = new Username("messi");
        assertThat(reply.outcome(Reply::inbox).orThrow())
                .containsExactly(
                        new InboxMessage(messi, "Lionel Messi", "Gary Lineker", "hóla"),
                        new InboxMessage(messi, "Lionel Messi", "Gary Lineker", "2"),
                        new InboxMessage(new Username("henderson"), "Jordan Henderson", "Gary Lineker", "3"));
    }

    @Test
    void readsWhoIsOnline() {
        assertThat(reply("{\"status\": \"OK\", \"listuseraktif\": \"messi lineker \", \"next\": \"c\"}")
                        .outcome(Reply::activeUsers)
                        .orThrow())
                .isEqualTo(new ActiveUsers(List.of(new Username("messi"), new Username("lineker")), Optional.of("c")));
        assertThat(reply("{\"status\": \"OK\", \"listuseraktif\": \"\"}")
                        .outcome(Reply::activeUsers)
                        .orThrow())
                .isEqualTo(new ActiveUsers(List.of(), Optional.empty()));
    }

    @Test
    void readsARefusalWhoseCodeItDoesNotKnow() {
        Outcome<Sent> outcome = reply(
                        "{\"status\": \"ERROR\", \"message\": \"Nanti\", \"code\": \"NEW\", \"retry_after_ms\": 250}")
                .outcome(Reply::sent);
        Refused<Sent> refused = new Refused<>("NEW", "Nanti", Duration.ofMillis(250));
        assertThat(outcome).isEqualTo(refused);
        assertThat(refused.knownCode()).isEmpty();
        assertThat(new Refused<>("INBOX_FULL", "", Duration.ZERO).is(ErrorCode.INBOX_FULL))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "{\"status\": 1}", "{\"status\": \"PERHAPS\"}"})
    void refusesWhatIsNoReply(String frame) {
        assertThatExceptionOfType(MalformedReplyException.class).isThrownBy(() -> reply(frame));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\": \"OK\"}",
                "{\"status\": \"OK\", \"messages\": []}",
                "{\"status\": \"OK\", \"messages\": {\"no name!\": []}}",
                "{\"status\": \"OK\", \"messages\": {\"messi\": [1]}}",
                "{\"status\": \"OK\", \"messages\": {\"messi\": null}}",
                "{\"status\": \"OK\", \"messages\": {\"messi\": [null]}}"
            })
    void refusesAnInboxOfAnotherForm(String frame) {
        Reply reply = reply(frame);
        assertThatExceptionOfType(MalformedReplyException.class).isThrownBy(() -> reply.outcome(Reply::inbox));
    }

    @Test
    void readsWhatWasFetched() {
        Message message = new Message(
                new MessageId(17, 2),
                new Username("messi"),
                "Lionel Messi",
                new Username("lineker"),
                "h\u00f3la",
                Instant.parse("2026-11-24T02:46:36.007Z"));
        assertThat(reply("{\"status\": \"OK\", \"messages\": [" + MESSAGE + "}], \"more\": true}")
                        .outcome(Reply::fetched)
                        .orThrow())
                .isEqualTo(new Fetched(List.of(message), true));
        assertThat(event(MESSAGE + ", \"event\": \"message\"}")).isEqualTo(new Event.Pushed(message));
    }

    @Test
    void tellsEventsFromReplies() {
        assertThat(event("{\"event\": \"closing\", \"reason\": \"drain\", \"retry_after_ms\": 700}"))
                .isEqualTo(new Event.Leaving(new Closing("drain", Duration.ofMillis(700))));
        assertThat(event("{\"event\": \"closing\", \"reason\": \"session\"}"))
                .isEqualTo(new Event.Leaving(new Closing("session", Duration.ZERO)));
        assertThat(event("{\"event\": \"typing\", \"status\": \"OK\"}")).isEqualTo(new Event.Unknown("typing"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event\": null}",
                "{\"event\": \"message\"}",
                "{\"event\": \"message\", \"id\": \"17\", \"from\": \"messi\", \"name\": \"\", \"to\": \"lineker\","
                        + " \"text\": \"\", \"at\": \"2026-11-24T02:46:36.007Z\"}",
                "{\"event\": \"message\", \"id\": \"17-2\", \"from\": \"messi\", \"name\": \"\", \"to\": \"lineker\","
                        + " \"text\": \"\", \"at\": \"yesterday\"}"
            })
    void refusesAnEventOfAnotherForm(String frame) {
        assertThatExceptionOfType(MalformedReplyException.class).isThrownBy(() -> event(frame));
    }

    private static Frame event(String frame) {
        return Frame.parse(frame.getBytes(StandardCharsets.UTF_8));
    }

    private static Reply reply(String frame) {
        return (Reply) Frame.parse(frame.getBytes(StandardCharsets.UTF_8));
    }
}
