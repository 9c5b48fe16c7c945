package io.pesan.gateway;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One accepted TCP connection, with what the protocol needs beyond Vert.x's socket: when each chunk was read; the client's
 * end of input as an event of its own, in order with the bytes before it; closing by reset; and whether the peer's TCP has acknowledged everything.
 */
final class ClientSocket {

    /** What happens on the connection. Called on its event loop. */
    interface Listener {
        void received(Arrivals.Chunk chunk);

        /** The client will send nothing more, and still reads. */
        void inputEnded(Arrivals.End end);

        /** The connection is gone, whoever ended it. */
        void closed();

        /** The server shuts down and wants the connection closed. */
        void draining();
    }

    /**
     * Reads in chunks of 16 KiB at most: a paused Vert.x socket reads some two dozen chunks ahead, and with Netty's 64 KiB that
     * would be more than a MiB for each client that doesn't wait for its replies. It is that with PROXY protocol, whose header has
     * been read by then with Netty's.
     */
    private static final RecvByteBufAllocator CHUNKS =
            new AdaptiveRecvByteBufAllocator(64, 2 << 10, 16 << 10).maxMessagesPerRead(1);

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    /** Linux's struct tcp_info (linux/tcp.h): its size up to the last field read, and the fields' offsets. */
    private static final int TCP_INFO_LENGTH = 152;

    private static final int STATE = 0;
    private static final int UNACKED_SEGMENTS = 24;
    private static final int LAST_DATA_RECEIVED_MILLIS = 52;
    private static final int BYTES_ACKED = 120;
    private static final int BYTES_RECEIVED = 128;
    private static final int NOT_SENT_BYTES = 144;
    private static final byte TCP_CLOSE = 7;
    private static final RawUnixChannelOption TCP_INFO_OPTION =
            new RawUnixChannelOption("TCP_INFO", IPPROTO_TCP, TCP_INFO, TCP_INFO_LENGTH);

    private final NetSocketInternal socket;
    private final Channel channel;
    private final Arrivals arrivals;

    /** @param silence of its event loop */
    ClientSocket(NetSocket socket, LoopSilence silence) {
        this.socket = (NetSocketInternal) socket;
        this.channel = this.socket.channelHandlerContext().channel();
        this.arrivals = new Arrivals(silence, new Kernel());
    }

    /** Starts to deliver what happens. Called once, before the first byte is read. */
    void listen(Listener listener) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config().setRecvByteBufAllocator(CHUNKS);
        channel.pipeline().addBefore(socket.channelHandlerContext().name(), "arrivals", arrivals);
        socket.messageHandler(message -> deliver(message, listener));
        // Reported by the close handler that follows.
        socket.exceptionHandler(failure -> {});
        socket.shutdownHandler(time -> listener.draining());
        socket.closeHandler(end -> listener.closed());
    }

    private void deliver(Object message, Listener listener) {
        if (message instanceof Arrivals.Chunk chunk) {
            arrivals.delivered(chunk);
            listener.received(chunk);
        } else if (message instanceof Arrivals.End end) {
            listener.inputEnded(end);
        }
    }

    /** The mark of what was read last: whatever is read later has a greater one. */
    long mark() {
        return arrivals.mark();
    }

    /** Stops reading, but for some chunks that are read ahead and kept, or goes on. */
    void read(boolean wanted) {
        if (wanted) {
            socket.resume();
        } else {
            socket.pause();
        }
    }

    /** Bytes that were read and wait, because of a pause, to be delivered. */
    long undeliveredBytes() {
        return arrivals.undeliveredBytes();
    }

    /** Succeeds when the bytes have been handed to the operating system. */
    Future<Void> write(Buffer bytes) {
        return socket.write(bytes);
    }

    /** Sends FIN behind everything written; the client's bytes can still be read. */
    void endOutput() {
        if (channel instanceof DuplexChannel duplex) {
            // If it fails, the connection is gone.
            ChannelFuture unused = duplex.shutdownOutput();
        }
    }

    /** Closes in good order; only when everything written has been handed to the operating system. */
    void close() {
        closeChannel();
    }

    /** Closes at once by a reset: nothing more is sent, and the client sees an error rather than an end. */
    void reset() {
        if (!channel.isOpen()) {
            return;
        }
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        closeChannel();
    }

    private void closeChannel() {
        // Past Vert.x, whose close only asks the shutdown handler to close, and would wait for what is to be written.
        ChannelFuture unused = socket.channelHandlerContext().close();
    }

    /** How far what was handed to the operating system has come. */
    enum Delivery {
        /** The peer's TCP has acknowledged every byte; or the transport can't tell, which it can on Linux with epoll. */
        ACKNOWLEDGED,
        PENDING,
        /** The connection was reset, and nobody has noticed: once the client's input has ended, nothing else reports it. */
        BROKEN
    }

    Delivery delivery() {
        if (!(channel instanceof EpollSocketChannel)) {
            return Delivery.ACKNOWLEDGED;
        }
        if (!channel.isOpen()) {
            return Delivery.BROKEN;
        }
        ByteBuffer info = tcpInfo();
        if (info == null || info.get(STATE) == TCP_CLOSE) {
            return Delivery.BROKEN;
        }
        boolean all = info.getInt(UNACKED_SEGMENTS) == 0 && info.getInt(NOT_SENT_BYTES) == 0;
        return all ? Delivery.ACKNOWLEDGED : Delivery.PENDING;
    }

    /** Bytes that the peer's TCP has acknowledged since the connection began; -1: the transport can't tell. */
    long acknowledgedBytes() {
        ByteBuffer info = tcpInfo();
        return info == null ? -1 : info.getLong(BYTES_ACKED);
    }

    private final class Kernel implements Arrivals.Kernel {

        @Override
        public long ageNanos() {
            ByteBuffer info = tcpInfo();
            return info == null ? 0 : TimeUnit.MILLISECONDS.toNanos(info.getInt(LAST_DATA_RECEIVED_MILLIS));
        }

        @Override
        public long receivedBytes() {
            ByteBuffer info = tcpInfo();
            return info == null ? 0 : info.getLong(BYTES_RECEIVED);
        }
    }

    /** Null: the connection is gone, or the transport can't tell. */
    private @Nullable ByteBuffer tcpInfo() {
        if (!(channel instanceof EpollSocketChannel) || !channel.isOpen()) {
            return null;
        }
        try {
            return channel.config().getOption(TCP_INFO_OPTION).order(ByteOrder.nativeOrder());
        } catch (ChannelException gone) {
            return null;
        }
    }

    /** The client's address, for logs. */
    String remoteAddress() {
        return String.valueOf(socket.remoteAddress());
    }
}
