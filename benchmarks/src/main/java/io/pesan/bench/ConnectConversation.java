package io.pesan.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Connects, asks for a {@code ping}, and resets; measured from the beginning of connecting to the answer. */
final class ConnectConversation implements Conversation {

    private static final byte[] PING = "ping\n".getBytes(StandardCharsets.US_ASCII);

    private final Tally tally;
    private long openedAt;

    ConnectConversation(Tally tally) {
        this.tally = tally;
    }

    @Override
    public void opening(long now) {
        openedAt = now;
    }

    @Override
    public boolean ask(ByteBuffer out, long now) {
        out.put(PING);
        return true;
    }

    @Override
    public void answered(byte[] bytes, int from, int to, long started, long now) {
        if (ReplyText.isOk(bytes, from, to)) {
            tally.ok(openedAt, now);
        } else {
            tally.error(ReplyText.code(bytes, from, to), now);
        }
    }

    @Override
    public boolean opensAnew() {
        return true;
    }

    @Override
    public void lost(String reason, int unanswered) {
        tally.lostConnection();
    }
}
