package io.pesan.bench;

import java.util.Arrays;

/**
 * Cuts what one connection receives into replies, at their terminator {@code \r\n\r\n}. A reply that lies within one
 * chunk is handed over where it lies; only one that is cut by a chunk's end is copied, and held up to
 * {@link #MAX_REPLY_BYTES}.
 */
final class ReplyScanner {

    /** Longer than any reply that a server writes: an inbox of about 512 KiB, each byte escaped. */
    static final int MAX_REPLY_BYTES = 8 << 20;

    private static final byte[] TERMINATOR = {'\r', '\n', '\r', '\n'};
    private static final byte[] NOTHING = new byte[0];
    /** A buffer larger than this is given back after the reply that needed it. */
    private static final int KEPT_BYTES = 16 << 10;

    private byte[] held = NOTHING;
    private int heldLength;
    private int matched;

    /** Takes one reply, its terminator included; the bytes are valid during the call only. */
    interface Sink {
        void reply(byte[] bytes, int from, int to);
    }

    /** Hands over every reply that ends in this chunk, in order. */
    void scan(byte[] chunk, int length, Sink sink) {
        int start = 0;
        int at = 0;
        while (true) {
            if (matched == 0) {
                // JSON has no bare carriage return: almost every byte is passed here.
                while (at < length && chunk[at] != '\r') {
                    at++;
                }
            }
            if (at == length) {
                hold(chunk, start, length);
                return;
            }
            byte b = chunk[at++];
            matched = b == TERMINATOR[matched] ? matched + 1 : (b == '\r' ? 1 : 0);
            if (matched == TERMINATOR.length) {
                matched = 0;
                emit(chunk, start, at, sink);
                start = at;
            }
        }
    }

    private void emit(byte[] chunk, int from, int to, Sink sink) {
        if (heldLength == 0) {
            sink.reply(chunk, from, to);
            return;
        }
        hold(chunk, from, to);
        byte[] whole = held;
        int wholeLength = heldLength;
        heldLength = 0;
        if (held.length > KEPT_BYTES) {
            held = NOTHING;
        }
        sink.reply(whole, 0, wholeLength);
    }

    private void hold(byte[] chunk, int from, int to) {
        int more = to - from;
        if (heldLength + more > MAX_REPLY_BYTES) {
            throw new BenchException("a reply is longer than " + MAX_REPLY_BYTES + " bytes: is this a Pesan server?");
        }
        if (heldLength + more > held.length) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, heldLength + more));
        }
        System.arraycopy(chunk, from, held, heldLength, more);
        heldLength += more;
    }
}
