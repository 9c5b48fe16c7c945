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

        private Chunk(byte[] bytes, long mark) {
            this.bytes = bytes;
            this.mark = mark;
            this.readNanos = System.nanoTime();
        }

        /** Not to be changed. */
        byte[] bytes() {
            return bytes;
        }

        /** Greater than that of everything read before. */
        long mark() {
            return mark;
        }

        /** When they were read, by {@link System#nanoTime}. */
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

    private long mark;
    private boolean failed;

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
        context.fireChannelRead(new Chunk(copy, ++mark));
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
