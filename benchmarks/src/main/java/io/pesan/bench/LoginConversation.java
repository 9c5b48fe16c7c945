package io.pesan.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Logs in and out in turn; only logging in is measured. */
final class LoginConversation implements Conversation {

    private static final byte[] LOGOUT = "logout\n".getBytes(StandardCharsets.US_ASCII);

    private final byte[] login;
    private final Tally tally;
    private boolean loggedIn;

    LoginConversation(Account account, Tally tally) {
        this.login = request(account);
        this.tally = tally;
    }

    static byte[] request(Account account) {
        return ("auth " + account.username() + " " + account.password() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean ask(ByteBuffer out, long now) {
        out.put(loggedIn ? LOGOUT : login);
        return true;
    }

    @Override
    public void answered(byte[] bytes, int from, int to, long started, long now) {
        boolean ok = ReplyText.isOk(bytes, from, to);
        if (!ok) {
            tally.error(ReplyText.code(bytes, from, to), now);
        } else if (!loggedIn) {
            tally.ok(started, now);
        }
        loggedIn = ok && !loggedIn;
    }

    @Override
    public void lost(String reason, int unanswered) {
        tally.lostConnection();
    }
}
