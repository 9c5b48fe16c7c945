package io.pesan.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client of the bare socket: what it sends and receives are bytes. */
final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 15_000;

    private final Socket socket = new Socket();
    private final byte[] received = new byte[64 << 10];
    private int from;
    private int to;

    private RawClient() {}

    static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** With a receive buffer of about so many bytes; 0: what the system gives. */
    static RawClient connect(int port, int receiveBuffer) throws IOException {
        RawClient client = new RawClient();
        if (receiveBuffer > 0) {
            client.socket.setReceiveBufferSize(receiveBuffer);
        }
        client.socket.setTcpNoDelay(true);
        client.socket.setSoTimeout(PATIENCE_MILLIS);
        client.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return client;
    }

    RawClient say(String text) throws IOException {
        return say(text.getBytes(UTF_8));
    }

    RawClient say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Says it, and returns the reply without its end. */
    String ask(String line) throws IOException {
        return say(line + "\r\n").reply();
    }

    /** The next reply, without the bytes that end it. */
    String reply() throws IOException {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = read();
            if (b < 0) {
                throw new EOFException("after " + reply.toString(UTF_8));
            }
            reply.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return reply.toString(UTF_8).substring(0, reply.size() - 4);
    }

    List<String> replies(int count) throws IOException {
        List<String> replies = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            replies.add(reply());
        }
        return replies;
    }

    private int read() throws IOException {
        if (from == to) {
            InputStream in = socket.getInputStream();
            from = 0;
            to = 0;
            to = Math.max(0, in.read(received));
            if (to == 0) {
                return -1;
            }
        }
        return received[from++] & 0xff;
    }

    /** Ends the sending side. */
    RawClient endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** How the connection ends, and whether something is said before. */
    String ending() throws IOException {
        try {
            int b = read();
            return b < 0 ? "end" : "said " + (char) b;
        } catch (SocketTimeoutException open) {
            return "open";
        } catch (SocketException reset) {
            return "reset";
        }
    }

    /** The same, but {@code open} if nothing happens in this time. */
    String endingWithin(Duration patience) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
        try {
            return ending();
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /** Reads so many bytes and throws them away. */
    void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            if (read() < 0) {
                throw new EOFException("after " + i + " bytes");
            }
        }
    }

    /** Closes in good order. */
    void hangUp() throws IOException {
        socket.close();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        hangUp();
    }
}
