package io.pesan.gateway;

import io.pesan.contract.protocol.ReplyBuffer;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Writes one connection's replies: everything answered in one turn goes out in one write, in slices of
 * {@value #SLICE_BYTES} bytes, so that a slow reader's progress can be seen.
 */
final class ReplyWriter {

    private static final int SLICE_BYTES = 64 << 10;

    private final ReplyBuffer buffer = new ReplyBuffer();
    private final ClientSocket socket;
    private final Runnable onProgress;
    private final Consumer<Throwable> onFailure;
    private long flushedBytes;
    /** When the clock was looked at last. */
    private long flushedBeforeBytes;

    private long writtenBytes;
    private long progressNanos;

    /**
     * @param onProgress called whenever bytes have been handed to the operating system
     * @param onFailure called when some can't be, before anything behind them is
     */
    ReplyWriter(ClientSocket socket, Runnable onProgress, Consumer<Throwable> onFailure) {
        this.socket = socket;
        this.onProgress = onProgress;
        this.onFailure = onFailure;
    }

    /** Where replies are put. */
    ReplyBuffer buffer() {
        return buffer;
    }

    /** Writes what has been put into the buffer; says how many bytes that were. */
    int flush() {
        if (buffer.length() == 0) {
            return 0;
        }
        byte[] bytes = buffer.take();
        if (pendingBytes() == 0) {
            progressNanos = System.nanoTime();
        }
        flushedBytes += bytes.length;
        if (bytes.length <= SLICE_BYTES) {
            write(Buffer.buffer(bytes), bytes.length);
            return bytes.length;
        }
        for (int from = 0; from < bytes.length; from += SLICE_BYTES) {
            int length = Math.min(SLICE_BYTES, bytes.length - from);
            // Copied: the last slice that a slow reader leaves must not keep the whole in memory.
            write(Buffer.buffer(length).appendBytes(bytes, from, length), length);
        }
        return bytes.length;
    }

    /** Whether so much has come together that it should be written before the turn is over. */
    boolean isLarge() {
        return buffer.length() >= SLICE_BYTES;
    }

    private void write(Buffer bytes, int length) {
        socket.write(bytes).onComplete(done -> progress(length), onFailure::accept);
    }

    private void progress(int length) {
        writtenBytes += length;
        progressNanos = System.nanoTime();
        onProgress.run();
    }

    /** Where what is in the buffer will end, in bytes since the connection began. */
    long endOfBuffer() {
        return flushedBytes + buffer.length();
    }

    /** Bytes handed to the operating system since the connection began. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Bytes that wait to be handed to the operating system. */
    long pendingBytes() {
        return flushedBytes - writtenBytes;
    }

    /** Bytes of replies that the client has not taken. */
    long heldBytes() {
        return pendingBytes() + buffer.length();
    }

    /** Gives back what an idle connection does not need; about twice a second. */
    void tick() {
        if (flushedBytes == flushedBeforeBytes) {
            buffer.shrink();
        }
        flushedBeforeBytes = flushedBytes;
    }

    boolean isAllWritten() {
        return pendingBytes() == 0 && buffer.length() == 0;
    }

    /** Whether the client has read nothing for longer than it may. */
    boolean isStuck(long nowNanos, Duration limit) {
        return pendingBytes() > 0 && !limit.isZero() && nowNanos - progressNanos > limit.toNanos();
    }
}
