package io.pesan.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The network between the nodes of a cluster: a TCP proxy before each port that nodes reach each other at, which a test can
 * cut and delay for each pair of nodes and in each direction, and whose connections it can drop.
 *
 * <p>A cut is silent, as that of a cable is: connections stay open, and what is sent waits until the network is healed. What is
 * dropped is reset at both ends, and what was on its way is lost. Who connects is told by the process that owns the other end ({@link SocketOwner}).
 */
final class NodeNetwork implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private record Way(String from, String to) {}

    /** A connection. */
    private record Link(Way way, Socket client, Socket server) {

        boolean isOf(String node) {
            return way.from().equals(node) || way.to().equals(node);
        }

        void reset() {
            try {
                // Both before either is closed: who pumps closes the other one then.
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            } catch (IOException alreadyClosed) {
                // So it ends as it is.
            }
            closeQuietly(client);
            closeQuietly(server);
        }
    }

    private final Map<Long, String> nodes = new ConcurrentHashMap<>();
    private final Set<Way> cuts = ConcurrentHashMap.newKeySet();
    private final Map<Way, Duration> delays = new ConcurrentHashMap<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Makes a process known as a node's. */
    void add(String node, long pid) {
        nodes.put(pid, node);
    }

    /** Opens a port of the loopback interface that leads to a node's own port; returns its number. */
    int portBefore(String node, int port) {
        try {
            ServerSocket listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
            open.add(listening);
            start("network of " + node, () -> accept(listening, node, port));
            return listening.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Cuts two groups of nodes off from each other. */
    void split(Set<String> some, Set<String> others) {
        for (String one : some) {
            for (String other : others) {
                cuts.add(new Way(one, other));
                cuts.add(new Way(other, one));
            }
        }
    }

    /** What one node sends another comes later, by so much for each piece. */
    void delay(String from, String to, Duration delay) {
        delays.put(new Way(from, to), delay);
    }

    /** Resets the connections that others have to a node, and it to them. New ones can be made at once. */
    void drop(String node) {
        links.stream().filter(link -> link.isOf(node)).forEach(Link::reset);
    }

    /** Everything arrives again, what was held back first. */
    void heal() {
        cuts.clear();
        delays.clear();
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(NodeNetwork::closeQuietly);
    }

    private void accept(ServerSocket listening, String to, int port) {
        while (!closed) {
            try {
                Socket client = listening.accept();
                open.add(client);
                start("to " + to, () -> connect(client, to, port));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void connect(Socket client, String to, int port) {
        String from = SocketOwner.among(nodes, client);
        Socket server = new Socket();
        Link link = new Link(new Way(from, to), client, server);
        open.add(server);
        try {
            // A cut network does not answer who knocks either.
            waitWhileCut(new Way(from, to));
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            links.add(link);
            start(to + " to " + from, () -> pump(server, client, new Way(to, from)));
            pump(client, server, link.way());
        } catch (IOException refused) {
            closeBoth(client, server);
        } finally {
            links.remove(link);
        }
    }

    private void pump(Socket from, Socket to, Way way) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count = in.read(buffer);
            while (count >= 0) {
                Duration delay = delays.get(way);
                if (delay != null) {
                    LockSupport.parkNanos(delay.toNanos());
                }
                waitWhileCut(way);
                out.write(buffer, 0, count);
                count = in.read(buffer);
            }
        } catch (IOException broken) {
            // The other direction ends with this one.
        }
        waitWhileCut(way);
        closeBoth(from, to);
    }

    private void waitWhileCut(Way way) {
        while (cuts.contains(way) && !closed) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private void closeBoth(Socket one, Socket other) {
        for (Socket socket : new Socket[] {one, other}) {
            closeQuietly(socket);
            open.remove(socket);
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception alreadyGone) {
            // Nothing is left to be closed.
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
