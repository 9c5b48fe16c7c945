package io.pesan.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Who is sent to, with the end of each one's request prepared, and about how much waits in each one's inbox. */
final class Recipients {

    /** An inbox that holds this many is emptied during a run: half of what a server takes by default. */
    private static final int FULL_ENOUGH = 5_000;

    private final List<Account> accounts;
    private final byte[][] messages;
    private final int[] pending;
    private final Drain drain;

    /** @param text what every message says */
    Recipients(List<Account> accounts, String text, Drain drain) {
        this.accounts = List.copyOf(accounts);
        this.drain = drain;
        this.pending = new int[accounts.size()];
        this.messages = accounts.stream()
                .map(account -> (account.username() + " " + text + "\n").getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    int size() {
        return messages.length;
    }

    /** Recipient and text of a {@code send}, with the line's end. */
    byte[] message(int recipient) {
        return messages[recipient];
    }

    int after(int recipient) {
        return recipient + 1 == messages.length ? 0 : recipient + 1;
    }

    /** One message more waits. */
    void stored(int recipient) {
        pending[recipient]++;
        if (pending[recipient] == FULL_ENOUGH) {
            empty(recipient);
        }
    }

    /** The recipient's quota is used up, by whomever. */
    void full(int recipient) {
        empty(recipient);
    }

    /** Has every inbox emptied. */
    void emptyAll() {
        for (int recipient = 0; recipient < size(); recipient++) {
            empty(recipient);
        }
    }

    private void empty(int recipient) {
        drain.empty(accounts.get(recipient), () -> pending[recipient] = 0);
    }
}
