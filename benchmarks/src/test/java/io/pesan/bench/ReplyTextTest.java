package io.pesan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.ReplyBuffer;
import org.junit.jupiter.api.Test;

class ReplyTextTest {

    private final ReplyBuffer reply = new ReplyBuffer();

    @Test
    void tellsSuccessFromErrors() {
        reply.ok().text("message", "Message Sent").close(null);
        byte[] ok = reply.take();
        reply.error(ErrorCode.AUTH_THROTTLED, false, 250, "tag");
        byte[] error = reply.take();
        assertThat(ReplyText.isOk(ok, 0, ok.length)).isTrue();
        assertThat(ReplyText.isOk(error, 0, error.length)).isFalse();
        assertThat(ReplyText.code(error, 0, error.length)).isEqualTo("AUTH_THROTTLED");
        assertThat(ReplyText.retryAfterMillis(error, 0, error.length)).isEqualTo(250);
        assertThat(ReplyText.code(ok, 0, ok.length)).isEqualTo("PROTOCOL_VIOLATION");
        assertThat(ReplyText.retryAfterMillis(ok, 0, ok.length)).isZero();
    }

    @Test
    void countsMessagesAndNotTextsThatLookLikeThem() {
        reply.ok().openObject("messages").openArray("messi");
        for (int i = 0; i < 3; i++) {
            reply.openObject()
                    .text("msg_from", "Lionel Messi")
                    .text("msg_to", "Gary Lineker")
                    .text("msg", "{\"msg_from\": \"me\"}")
                    .closeObject();
        }
        reply.closeArray().closeObject().close(null);
        byte[] inbox = reply.take();
        assertThat(ReplyText.messages(inbox, 0, inbox.length)).isEqualTo(3);
        assertThat(ReplyText.isEmptyInbox(inbox, 0, inbox.length)).isFalse();
    }

    @Test
    void knowsAnEmptyInbox() {
        reply.ok().openObject("messages").closeObject().close(null);
        byte[] inbox = reply.take();
        assertThat(ReplyText.isEmptyInbox(inbox, 0, inbox.length)).isTrue();
        assertThat(ReplyText.messages(inbox, 0, inbox.length)).isZero();
    }
}
