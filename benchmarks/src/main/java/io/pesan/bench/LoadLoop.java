package io.pesan.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Drives all connections from one thread. Buffers for reading and writing are shared by all of them, so a connection
 * costs little more than its socket.
 */
final class LoadLoop implements AutoCloseable {

    private static final int READ_BYTES = 256 << 10;
    private static final int WRITE_BYTES = 512 << 10;
    /** More at a time could overflow the server's accept queue, and measure that. */
    private static final int MAX_CONNECTING = 64;

    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Connections that had nothing to ask are offered another chance this often. */
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Below a millisecond a selector can't wait: the loop naps instead. Latencies are off by this much at most. */
    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    /** One source address has about 28,000 ports on Linux. */
    private static final int CONNECTIONS_PER_SOURCE = 20_000;

    private final InetSocketAddress server;
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(WRITE_BYTES);
    private final byte[] chunk = new byte[READ_BYTES];
    private final List<Connection> connections = new ArrayList<>();
    private final List<Connection> toOpen = new ArrayList<>();

    private boolean asking;
    private int connecting;
    private Schedule schedule = Schedule.NONE;
    private long opened;
    private long lastSweep;

    LoadLoop(InetSocketAddress server) {
        this.server = server;
        try {
            this.selector = Selector.open();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Selector selector() {
        return selector;
    }

    /** Adds a connection and begins to make it; returns when it is one of few that are being made. */
    Connection connect(Conversation conversation, Pace pace, int depth) {
        return connect(server, conversation, pace, depth);
    }

    /** The same, to another server. */
    Connection connect(InetSocketAddress other, Conversation conversation, Pace pace, int depth) {
        Connection connection = new Connection(this, other, conversation, pace, depth);
        connections.add(connection);
        connecting++;
        connection.open();
        awaitConnecting(MAX_CONNECTING - 1);
        return connection;
    }

    /** Waits until every connection is made. */
    void awaitConnected() {
        awaitConnecting(0);
    }

    private void awaitConnecting(int atMost) {
        long deadline = System.nanoTime() + CONNECT_NANOS;
        while (connecting > atMost) {
            turn(SWEEP_NANOS);
            if (System.nanoTime() - deadline > 0) {
                throw new BenchException("no connection to " + server + " within 10 s");
            }
        }
    }

    void connected() {
        connecting--;
    }

    /** Has a connection made anew, after what is ready now has been handled. */
    void open(Connection connection) {
        connecting++;
        toOpen.add(connection);
    }

    /** On loopback many connections need several source addresses. */
    void bind(SocketChannel channel, InetSocketAddress to) throws IOException {
        long source = opened++ / CONNECTIONS_PER_SOURCE;
        if (source > 0 && to.getAddress().isLoopbackAddress() && connections.size() > CONNECTIONS_PER_SOURCE) {
            byte[] address = {127, 0, 0, (byte) (1 + source % 200)};
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
        }
    }

    /** Lets connections ask from now on; those with a pace of their own when the schedule says so. */
    void startAsking(Schedule times) {
        asking = true;
        schedule = times;
        long now = System.nanoTime();
        connections.forEach(connection -> connection.pump(now));
    }

    void stopAsking() {
        asking = false;
        schedule = Schedule.NONE;
    }

    boolean isAsking() {
        return asking;
    }

    /** Handles what is ready until a condition holds or a time has come; returns whether the condition holds. */
    boolean run(BooleanSupplier finished, long until) {
        while (!finished.getAsBoolean()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            turn(Math.min(left, schedule.dispatch(System.nanoTime())));
        }
        return true;
    }

    /** Handles what is ready; waits at most this long for it. */
    void turn(long maxNanos) {
        try {
            if (maxNanos >= TimeUnit.MILLISECONDS.toNanos(1)) {
                selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(Math.min(maxNanos, SWEEP_NANOS)));
            } else if (selector.selectNow(this::ready) == 0) {
                LockSupport.parkNanos(Math.min(maxNanos, NAP_NANOS));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        List<Connection> again = List.copyOf(toOpen);
        toOpen.clear();
        again.forEach(Connection::open);
        long now = System.nanoTime();
        if (now - lastSweep > SWEEP_NANOS) {
            lastSweep = now;
            connections.forEach(connection -> connection.pump(now));
        }
    }

    private void ready(SelectionKey key) {
        ((Connection) key.attachment()).ready(key);
    }

    /** Reads into {@link #chunk}; returns the number of bytes, or -1 at the end of the stream. */
    int read(SocketChannel channel) throws IOException {
        in.clear();
        int length = channel.read(in);
        if (length > 0) {
            in.flip();
            in.get(chunk, 0, length);
        }
        return length;
    }

    byte[] chunk() {
        return chunk;
    }

    ByteBuffer out() {
        return out;
    }

    /** Requests of all connections whose answers are still to come. */
    long underWay() {
        return connections.stream().mapToLong(Connection::underWay).sum();
    }

    /** Resets every connection. */
    @Override
    public void close() {
        connections.forEach(Connection::close);
        try {
            selector.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
