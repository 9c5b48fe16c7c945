package io.pesan.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;

/**
 * Stamps what is read off one socket as it is read. A paused Vert.x socket reads on for some chunks and delivers them
 * later, so that the moment of delivery says nothing about what the client knew when it sent them, nor about how long it
 * has been waiting.
 *
 * <p>Turns the end of input, which Netty reports beside the bytes, into a message among them. A reset, which Netty
 * reports as a failure first and as an end of input after that, stays a failure.
 */
final class Arrivals extends ChannelInboundHandlerAdapter {

    /** Bytes read at once. */
    static final class Chunk {

        private final byte[] bytes;
        private final long mark;
        private final long readNanos;

        private Chunk(byte[] bytes, long mark, long readNanos) {
            this.bytes = bytes;
            this.mark = mark;
            this.readNanos = readNanos;
        }

        /** Not to be changed. */
        byte[] bytes() {
            return bytes;
        }

        /** Greater than that of everything read before. */
        long mark() {
            return mark;
        }

        /** When they were read, by {@link System#nanoTime}; or, if they may have lain there, the earliest that they can have come. */
        long readNanos() {
            return readNanos;
        }
    }

    /**
     * The end of the client's input.
     *
     * @param mark greater than that of everything read before
     */
    record End(long mark) {}

    /** What the system knows of the socket. */
    interface Kernel {
        /** How long ago the client's last bytes came, in nanoseconds; 0: it can't tell. */
        long ageNanos();

        /** Bytes that have come since the connection began; 0: it can't tell. */
        long receivedBytes();
    }

    private final LoopSilence silence;
    private final Kernel kernel;
    private long mark;
    /** Of chunks that were read and not delivered. */
    private long undelivered;

    private boolean failed;
    private long readBytes;
    /** Silences of the loop up to the last read. */
    private int silences;
    /** Whether what is read next may have come during the last silence, */
    private boolean lying;
    /** and how much can at most have been read when that is over. */
    private long lyingUntilBytes;

    /** @param silence of the socket's event loop */
    Arrivals(LoopSilence silence, Kernel kernel) {
        this.silence = silence;
        this.kernel = kernel;
    }

    /** Bytes that were read and not delivered yet. */
    long undeliveredBytes() {
        return undelivered;
    }

    void delivered(Chunk chunk) {
        undelivered -= chunk.bytes.length;
    }

    /** The mark of what was read last; 0: nothing was. */
    long mark() {
        return mark;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        byte[] copy;
        boolean full = !bytes.isWritable();
        try {
            copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy);
        } finally {
            ReferenceCountUtil.release(bytes);
        }
        undelivered += copy.length;
        context.fireChannelRead(new Chunk(copy, ++mark, readNanos(copy, full)));
    }

    /**
     * A command that came while the process was halted must not count as new: its client may have gone elsewhere since. Of
     * several that lay there the system knows only when the last one came.
     *
     * @param full whether as much was read as could be at once
     */
    private long readNanos(byte[] bytes, boolean full) {
        long now = System.nanoTime();
        silence.running(now);
        readBytes += bytes.length;
        if (silences != silence.count()) {
            silences = silence.count();
            lying = silence.hasJustEnded(now);
            lyingUntilBytes = lying ? kernel.receivedBytes() : 0;
        }
        boolean lay = lying && silence.isRecent(now);
        // A PROXY header makes readBytes too small: then only a read that isn't full tells the end.
        lying = lay && full && readBytes < lyingUntilBytes;
        if (lay && (lying || hasLineBeforeTheLast(bytes))) {
            return silence.beganNanos();
        }
        return silence.isRecent(now) ? now - kernel.ageNanos() : now;
    }

    private static boolean hasLineBeforeTheLast(byte[] bytes) {
        boolean ended = false;
        for (byte one : bytes) {
            if (ended && one > ' ') {
                return true;
            }
            ended |= one == '\n';
        }
        return false;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        failed = true;
        context.fireExceptionCaught(failure);
        ChannelFuture unused = context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent)) {
            context.fireUserEventTriggered(event);
        } else if (!failed && context.channel().isOpen()) {
            context.fireChannelRead(new End(++mark));
            context.fireChannelReadComplete();
        }
    }
}
