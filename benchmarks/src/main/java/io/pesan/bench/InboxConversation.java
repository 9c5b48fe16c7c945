package io.pesan.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Sends some messages to its own account, then reads the inbox, again and again; only the reading is measured. */
final class InboxConversation implements Conversation {

    private final byte[] send;
    private final byte[] inbox;
    private final int messages;
    private final Tally tally;
    private int nextStep;
    private int oldestStep;

    /** @param messages how many are sent before each reading; may be 0 */
    InboxConversation(Account account, String token, int messages, String text, Tally tally) {
        this.send = ("send " + token + " " + account.username() + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
        this.inbox = ("inbox " + token + "\n").getBytes(StandardCharsets.US_ASCII);
        this.messages = messages;
        this.tally = tally;
    }

    @Override
    public boolean ask(ByteBuffer out, long now) {
        out.put(nextStep == messages ? inbox : send);
        nextStep = after(nextStep);
        return true;
    }

    @Override
    public void answered(byte[] bytes, int from, int to, long started, long now) {
        boolean reading = oldestStep == messages;
        oldestStep = after(oldestStep);
        if (!ReplyText.isOk(bytes, from, to)) {
            tally.error(ReplyText.code(bytes, from, to), now);
        } else if (reading) {
            tally.ok(started, now);
            tally.delivered(ReplyText.messages(bytes, from, to), now);
        }
    }

    private int after(int step) {
        return step == messages ? 0 : step + 1;
    }

    @Override
    public void lost(String reason, int unanswered) {
        tally.lostConnection();
    }
}
