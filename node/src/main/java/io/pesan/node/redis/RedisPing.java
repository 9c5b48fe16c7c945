package io.pesan.node.redis;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a Redis on this machine whether it serves. Blocks for a second at most. */
final class RedisPing {

    enum Answer {
        SERVES,
        /** It is reading its append-only file: it will serve. */
        LOADS,
        /** Nobody answers, or somebody else does. */
        SILENT
    }

    private static final int TIMEOUT_MILLIS = 500;
    private static final int LONGEST_ANSWER = 256;

    private RedisPing() {}

    static Answer ask(int port, String password) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String commands = "AUTH " + password + "\r\nPING\r\n";
            socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
            String authenticated = readLine(socket.getInputStream());
            if (authenticated.startsWith("-LOADING")) {
                return Answer.LOADS;
            } else if (!authenticated.equals("+OK")) {
                return Answer.SILENT;
            }
            String pong = readLine(socket.getInputStream());
            return pong.equals("+PONG") ? Answer.SERVES : pong.startsWith("-LOADING") ? Answer.LOADS : Answer.SILENT;
        } catch (IOException unreachable) {
            return Answer.SILENT;
        }
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\n' && line.length() < LONGEST_ANSWER) {
            line.append((char) c);
            c = in.read();
        }
        return line.toString().stripTrailing();
    }
}
