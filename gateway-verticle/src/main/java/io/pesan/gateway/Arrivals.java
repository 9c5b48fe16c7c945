package io.pesan.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.LongSupplier;

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

        /** When they were read, by {@link System#nanoTime}; or when the last of them came, if that was long before. */
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

    private final LoopSilence silence;
    private final LongSupplier ageNanos;
    private long mark;
    /** Of chunks that were read and not delivered. */
    private long undelivered;

    private boolean failed;

    /**
     * @param silence of the socket's event loop
     * @param ageNanos how long ago the client's last bytes came
     */
    Arrivals(LoopSilence silence, LongSupplier ageNanos) {
        this.silence = silence;
        this.ageNanos = ageNanos;
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
        try {
            copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy);
        } finally {
            ReferenceCountUtil.release(bytes);
        }
        undelivered += copy.length;
        context.fireChannelRead(new Chunk(copy, ++mark, readNanos()));
    }

    /** A command that came while the process was halted must not count as new: its client may have gone elsewhere since. */
    private long readNanos() {
        long now = System.nanoTime();
        silence.running(now);
        return silence.isRecent(now) ? now - ageNanos.getAsLong() : now;
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
