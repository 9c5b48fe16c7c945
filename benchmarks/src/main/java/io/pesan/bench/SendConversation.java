package io.pesan.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Sends one prepared message after the other, going round all recipients, with so many in a row to each. */
final class SendConversation implements Conversation {

    private final byte[] beginning;
    private final Recipients recipients;
    private final Tally tally;
    private final int burst;
    private int next;
    private int asked;
    private int oldest;
    private int answered;

    /**
     * @param first index of the recipient to begin with, so that connections don't march in step
     * @param burst messages in a row to one recipient
     */
    SendConversation(String token, Recipients recipients, int first, int burst, Tally tally) {
        this.beginning = ("send " + token + " ").getBytes(StandardCharsets.US_ASCII);
        this.recipients = recipients;
        this.tally = tally;
        this.burst = burst;
        this.next = first % recipients.size();
        this.oldest = next;
    }

    @Override
    public boolean ask(ByteBuffer out, long now) {
        out.put(beginning).put(recipients.message(next));
        asked++;
        if (asked % burst == 0) {
            next = recipients.after(next);
        }
        return true;
    }

    @Override
    public void answered(byte[] bytes, int from, int to, long started, long now) {
        int recipient = oldest;
        answered++;
        if (answered % burst == 0) {
            oldest = recipients.after(oldest);
        }
        if (ReplyText.isOk(bytes, from, to)) {
            tally.ok(started, now);
            recipients.stored(recipient);
            return;
        }
        String code = ReplyText.code(bytes, from, to);
        tally.error(code, now);
        if (code.equals("INBOX_FULL")) {
            recipients.full(recipient);
        }
    }

    @Override
    public void lost(String reason, int unanswered) {
        tally.lostConnection();
    }
}
