package io.pesan.bench;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Connections that listen, one for each account, and acknowledge what they are sent. Each message's text begins with a mark that
 * tells it from what earlier measurements left in the inboxes, and the moment at which it was, or should have been, sent
 * ({@link System#nanoTime}): from then on its latency counts.
 */
final class PushedMessages implements Companions {

    private final InetSocketAddress server;
    private final List<Account> accounts;
    private final Map<String, String> tokens;
    private final Tally tally;
    private final String mark = UUID.randomUUID() + " ";
    private long sent;
    private long received;

    /** @param tokens by username */
    PushedMessages(InetSocketAddress server, List<Account> accounts, Map<String, String> tokens, Tally tally) {
        this.server = server;
        this.accounts = accounts;
        this.tokens = tokens;
        this.tally = tally;
    }

    @Override
    public void connect(LoadLoop loop) {
        for (Account account : accounts) {
            loop.connect(server, new Listener(BenchMain.tokenOf(account, tokens)), Pace.CLOSED, 1);
        }
    }

    @Override
    public long calls() {
        return 0;
    }

    /** What a text begins with, before the moment. */
    String mark() {
        return mark;
    }

    /** Somebody has sent a message. */
    void sent() {
        sent++;
    }

    @Override
    public long missing() {
        return Math.max(0, sent - received);
    }

    private final class Listener implements Conversation {

        private final String token;
        private boolean listening;
        private String last = "";
        private @Nullable String unacknowledged;

        Listener(String token) {
            this.token = token;
        }

        @Override
        public boolean ask(ByteBuffer out, long start) {
            String id = unacknowledged;
            if (listening && id == null) {
                return false;
            }
            String request = listening ? "ack " + token + " " + id + "\n" : "listen " + token + "\n";
            out.put(request.getBytes(StandardCharsets.US_ASCII));
            listening = true;
            unacknowledged = null;
            return true;
        }

        @Override
        public void answered(byte[] bytes, int from, int to, long started, long now) {
            if (!ReplyText.isOk(bytes, from, to)) {
                tally.error(ReplyText.code(bytes, from, to), now);
            }
        }

        @Override
        public void event(byte[] bytes, int from, int to, long now) {
            String id = ReplyText.value("id", bytes, from, to);
            String text = ReplyText.value("text", bytes, from, to);
            if (id == null || text == null) {
                tally.error("CLOSING", now);
                return;
            }
            if (!last.isEmpty() && compare(id, last) <= 0) {
                tally.error("OUT_OF_ORDER", now);
            }
            last = id;
            unacknowledged = id;
            if (text.startsWith(mark)) {
                received++;
                int end = text.indexOf(' ', mark.length());
                tally.ok(Long.parseLong(text.substring(mark.length(), end)), now);
            }
        }

        /** Ids are two numbers around a dash; the first has 13 digits for the next 250 years. */
        private int compare(String one, String other) {
            int dash = one.indexOf('-');
            int first = one.substring(0, dash).compareTo(other.substring(0, other.indexOf('-')));
            return first != 0
                    ? first
                    : Long.compare(
                            Long.parseLong(one.substring(dash + 1)),
                            Long.parseLong(other.substring(other.indexOf('-') + 1)));
        }

        @Override
        public void lost(String reason, int unanswered) {
            tally.lostConnection();
        }
    }
}
