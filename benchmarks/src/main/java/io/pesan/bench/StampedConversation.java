package io.pesan.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends to one account after the other, with a mark and the moment in the text. What is measured is when it arrives. */
final class StampedConversation implements Conversation {

    private final byte[] beginning;
    private final List<Account> recipients;
    private final byte[] ending;
    private final PushedMessages pushed;
    private final Tally tally;
    private int next;

    /** @param first index of the recipient to begin with */
    StampedConversation(
            String token, List<Account> recipients, int first, String text, PushedMessages pushed, Tally tally) {
        this.beginning = ("send " + token + " ").getBytes(StandardCharsets.US_ASCII);
        this.recipients = recipients;
        this.ending = (" " + text + "\n").getBytes(StandardCharsets.UTF_8);
        this.pushed = pushed;
        this.tally = tally;
        this.next = first % recipients.size();
    }

    @Override
    public boolean ask(ByteBuffer out, long start) {
        String recipient = recipients.get(next).username();
        next = next + 1 == recipients.size() ? 0 : next + 1;
        out.put(beginning)
                .put((recipient + " " + pushed.mark() + start).getBytes(StandardCharsets.US_ASCII))
                .put(ending);
        return true;
    }

    @Override
    public void answered(byte[] bytes, int from, int to, long started, long now) {
        if (ReplyText.isOk(bytes, from, to)) {
            pushed.sent();
        } else {
            tally.error(ReplyText.code(bytes, from, to), now);
        }
    }

    @Override
    public void lost(String reason, int unanswered) {
        tally.lostConnection();
    }
}
