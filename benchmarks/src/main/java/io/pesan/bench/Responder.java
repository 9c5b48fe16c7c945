package io.pesan.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A server that says OK to every line at once, on a thread of its own: what remains when it is measured is what the
 * generator costs. On loopback, at a free port. A client that doesn't read its answers loses its connection.
 */
final class Responder implements AutoCloseable {

    private static final byte[] REPLY =
            "{\"status\": \"OK\", \"message\": \"Message Sent\", \"id\": \"1700000000000-0\"}\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final int READ_BYTES = 64 << 10;

    private final Selector selector;
    private final ServerSocketChannel listening;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    /** A line has at least its terminator: no read is answered with more than this. */
    private final ByteBuffer out = ByteBuffer.allocateDirect(READ_BYTES * REPLY.length);

    Responder() {
        try {
            selector = Selector.open();
            listening = ServerSocketChannel.open();
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listening.configureBlocking(false);
            listening.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread thread = new Thread(this::serve, "responder");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.socket().getLocalSocketAddress();
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select(this::ready);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (ClosedSelectorException closed) {
            // That is how it ends.
            return;
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = listening.accept();
                accepted.configureBlocking(false);
                accepted.register(selector, SelectionKey.OP_READ);
            } else {
                answer((SocketChannel) key.channel());
            }
        } catch (IOException gone) {
            key.cancel();
        }
    }

    private void answer(SocketChannel channel) throws IOException {
        in.clear();
        if (channel.read(in) < 0) {
            channel.close();
            return;
        }
        in.flip();
        out.clear();
        while (in.hasRemaining()) {
            if (in.get() == '\n') {
                out.put(REPLY);
            }
        }
        channel.write(out.flip());
        if (out.hasRemaining()) {
            channel.close();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            selector.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
