package io.pesan.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that types lines, as a person with netcat does. */
final class Line implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final BufferedReader replies;

    Line(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** The reply without its end. */
    String ask(String request) throws IOException {
        tell(request);
        return hear();
    }

    void tell(String request) throws IOException {
        socket.getOutputStream().write((request + "\n").getBytes(StandardCharsets.UTF_8));
    }

    String hear() throws IOException {
        String reply = replies.readLine();
        replies.readLine();
        return String.valueOf(reply);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
