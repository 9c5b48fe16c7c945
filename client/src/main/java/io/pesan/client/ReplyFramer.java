package io.pesan.client;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts what a connection receives into frames, each ended by {@code \r\n\r\n}. Holds at most one frame that isn't
 * complete, of at most a given length. Belongs to one connection.
 */
final class ReplyFramer {

    private static final byte[] TERMINATOR = {'\r', '\n', '\r', '\n'};
    private static final int FIRST_ALLOCATION = 512;
    /** A buffer larger than this is given back after the frame that needed it. */
    private static final int KEPT_BYTES = 64 << 10;

    private final int maxBytes;
    private byte[] held = new byte[FIRST_ALLOCATION];
    private int length;
    private int matched;

    /** @param maxBytes longest frame, its terminator not counted */
    ReplyFramer(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes what was received, and hands over each frame that is complete, without its terminator.
     *
     * @return false if a frame is too long: the stream can't be read any further
     */
    boolean feed(Buffer chunk, Consumer<byte[]> frames) {
        for (int i = 0; i < chunk.length(); i++) {
            byte b = chunk.getByte(i);
            append(b);
            matched = b == TERMINATOR[matched] ? matched + 1 : (b == '\r' ? 1 : 0);
            if (length - matched > maxBytes) {
                return false;
            }
            if (matched == TERMINATOR.length) {
                frames.accept(take());
            }
        }
        return true;
    }

    private void append(byte b) {
        if (length == held.length) {
            held = Arrays.copyOf(held, held.length * 2);
        }
        held[length++] = b;
    }

    private byte[] take() {
        byte[] frame = Arrays.copyOf(held, length - TERMINATOR.length);
        length = 0;
        matched = 0;
        if (held.length > KEPT_BYTES) {
            held = new byte[FIRST_ALLOCATION];
        }
        return frame;
    }
}
