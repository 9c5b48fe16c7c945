package io.pesan.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the server: keeps at most {@code depth} requests under way, and matches replies to them in order.
 * Requests that become possible together go out in one write. What the socket doesn't take is kept (at most what
 * {@code depth} requests need), and nothing is asked meanwhile.
 */
final class Connection {

    private static final byte[] NOTHING = new byte[0];

    private final LoadLoop loop;
    private final InetSocketAddress server;
    private final Conversation conversation;
    private final Pace pace;
    private final ReplyScanner scanner = new ReplyScanner();
    /** When each request under way was started: a ring that begins at {@link #oldest}. */
    private final long[] started;

    private int oldest;
    private int underWay;
    private byte[] unsent = NOTHING;
    private boolean connecting;
    private @Nullable SelectionKey key;

    Connection(LoadLoop loop, InetSocketAddress server, Conversation conversation, Pace pace, int depth) {
        this.loop = loop;
        this.server = server;
        this.conversation = conversation;
        this.pace = pace;
        this.started = new long[depth];
    }

    /** Begins to connect; the loop hears when it is done. */
    void open() {
        connecting = true;
        conversation.opening(System.nanoTime());
        try {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            // Closing resets: no port of a short connection stays occupied afterwards.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            loop.bind(channel, server);
            key = channel.register(loop.selector(), SelectionKey.OP_CONNECT, this);
            if (channel.connect(server)) {
                connected(key);
            }
        } catch (IOException | UnsupportedOperationException failure) {
            throw unreachable(failure);
        }
    }

    /** Does what the selector says is possible. */
    void ready(SelectionKey selected) {
        if (!selected.isValid()) {
            return;
        }
        try {
            if (selected.isConnectable() && ((SocketChannel) selected.channel()).finishConnect()) {
                connected(selected);
            }
            if (selected.isValid() && selected.isWritable()) {
                writeUnsent(selected);
            }
            if (selected.isValid() && selected.isReadable()) {
                read(selected);
            }
        } catch (IOException failure) {
            if (connecting) {
                throw unreachable(failure);
            }
            lost(String.valueOf(failure.getMessage()));
        }
    }

    private BenchException unreachable(Exception failure) {
        String name = server.getHostString() + ":" + server.getPort();
        return new BenchException("can't connect to " + name + ": " + failure.getMessage(), failure);
    }

    private void connected(SelectionKey selected) {
        selected.interestOps(SelectionKey.OP_READ);
        connecting = false;
        loop.connected();
        pump(System.nanoTime());
    }

    /** Asks as much as depth and pace allow, in one write. */
    void pump(long now) {
        SelectionKey current = key;
        if (!loop.isAsking() || unsent.length > 0 || current == null || connecting) {
            return;
        }
        ByteBuffer out = loop.out();
        while (underWay < started.length && out.remaining() >= Conversation.MAX_REQUEST_BYTES) {
            if (!mayAsk(out, now)) {
                break;
            }
        }
        if (out.position() == 0) {
            return;
        }
        try {
            write(current, out.flip());
        } catch (IOException failure) {
            lost(String.valueOf(failure.getMessage()));
        } finally {
            out.clear();
        }
    }

    private boolean mayAsk(ByteBuffer out, long now) {
        long start = pace.next(now);
        if (start == Pace.NOT_DUE || !conversation.ask(out, start)) {
            return false;
        }
        started[(oldest + underWay) % started.length] = start;
        underWay++;
        return true;
    }

    private void write(SelectionKey current, ByteBuffer bytes) throws IOException {
        ((SocketChannel) current.channel()).write(bytes);
        if (bytes.hasRemaining()) {
            unsent = new byte[bytes.remaining()];
            bytes.get(unsent);
            current.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    private void writeUnsent(SelectionKey current) throws IOException {
        int written = ((SocketChannel) current.channel()).write(ByteBuffer.wrap(unsent));
        if (written == unsent.length) {
            unsent = NOTHING;
            current.interestOps(SelectionKey.OP_READ);
            pump(System.nanoTime());
        } else {
            unsent = Arrays.copyOfRange(unsent, written, unsent.length);
        }
    }

    private void read(SelectionKey current) throws IOException {
        int length = loop.read((SocketChannel) current.channel());
        if (length < 0) {
            lost("closed by the server");
            return;
        }
        long now = System.nanoTime();
        scanner.scan(loop.chunk(), length, (bytes, from, to) -> answered(bytes, from, to, now));
        if (current.isValid()) {
            pump(System.nanoTime());
        }
    }

    private void answered(byte[] bytes, int from, int to, long now) {
        if (ReplyText.isEvent(bytes, from, to)) {
            conversation.event(bytes, from, to, now);
            return;
        }
        if (underWay == 0) {
            throw new BenchException("the server sent a reply that nothing had asked for");
        }
        long start = started[oldest];
        oldest = (oldest + 1) % started.length;
        underWay--;
        conversation.answered(bytes, from, to, start, now);
        if (conversation.opensAnew()) {
            close();
            if (loop.isAsking()) {
                loop.open(this);
            }
        }
    }

    /** Requests whose answers are still to come. */
    int underWay() {
        return underWay;
    }

    private void lost(String reason) {
        int unanswered = underWay;
        underWay = 0;
        close();
        conversation.lost(reason, unanswered);
    }

    void close() {
        SelectionKey current = key;
        key = null;
        unsent = NOTHING;
        if (current != null) {
            try {
                current.channel().close();
            } catch (IOException alreadyGone) {
                // Nothing is left to do for a socket that can't even be closed.
                current.cancel();
            }
        }
    }
}
