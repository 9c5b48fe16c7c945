package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A raw connection that writes bytes and reads replies up to their end, as a hand-written client does. */
final class WireClient implements AutoCloseable {

    /** For a reply, and for a connection. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long RETRY_MILLIS = 200;
    private static final byte[] REPLY_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final InputStream in;
    private final byte[] readBuffer;
    private int available;
    private int position;

    /** Connects to a node on this machine. */
    WireClient(int port) {
        this(port, PATIENCE);
    }

    /** @param patience with a reply that does not come, and with a connection */
    WireClient(int port, Duration patience) {
        this(port, 8_192, 0, patience);
    }

    /**
     * @param readSize most bytes taken from the socket at once
     * @param receiveBuffer about so many bytes wait in the system to be read, beyond which the node can't send; 0: what
     *     the system gives
     */
    WireClient(int port, int readSize, int receiveBuffer) {
        this(port, readSize, receiveBuffer, PATIENCE);
    }

    private WireClient(int port, int readSize, int receiveBuffer, Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        try {
            socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
            socket.setSoTimeout(millis);
            in = socket.getInputStream();
            readBuffer = new byte[readSize];
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a line and returns the whole reply, its end included. */
    String ask(String line) {
        send(line + "\r\n");
        return reply();
    }

    /** Sends a line and reads the reply as JSON. */
    JsonObject askJson(String line) {
        return new JsonObject(ask(line));
    }

    /** Logs in and returns the token; waits as it is told to while too many others do the same, and while nobody serves. */
    String logIn(String username, String password) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonObject reply = askJson("auth " + username + " " + password);
        while ("AUTH_THROTTLED".equals(reply.getString("code"))
                || ("UNAVAILABLE".equals(reply.getString("code")) && System.nanoTime() < deadline)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(reply.getLong("retry_after_ms", RETRY_MILLIS)));
            reply = askJson("auth " + username + " " + password);
        }
        String token = reply.getString("tokenid");
        if (token == null) {
            throw new IllegalStateException(username + " can't log in: " + reply);
        }
        return token;
    }

    /** Reads an inbox until it is empty; returns the texts, which are gone then, in the order of the replies. */
    List<String> readAll(String token) {
        List<String> texts = new ArrayList<>();
        String last = read(token, reply -> texts.addAll(texts(reply)));
        assertThat(texts(last)).isEmpty();
        return texts;
    }

    /** The same while a service may be away: until it is empty or reading is refused. {@link #isDrained} tells which. */
    List<String> readWhatCanBe(String token) {
        List<String> texts = new ArrayList<>();
        read(token, reply -> texts.addAll(texts(reply)));
        return texts;
    }

    /** The same; returns each sender's texts, oldest first. */
    Map<String, List<String>> readWhatCanBeBySender(String token) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        read(
                token,
                reply -> textsBySender(reply)
                        .forEach((sender, ofSender) -> texts.computeIfAbsent(sender, none -> new ArrayList<>())
                                .addAll(ofSender)));
        return texts;
    }

    /** @return the last reply, which has no messages */
    private String read(String token, Consumer<String> reader) {
        String reply = ask("inbox " + token);
        while (reply.startsWith("{\"status\": \"OK\"") && !messages(reply).isEmpty()) {
            reader.accept(reply);
            reply = ask("inbox " + token);
        }
        return reply;
    }

    /**
     * Whether nothing is pending in an inbox. While a hand-over lasts that nobody has settled yet, {@code inbox} shows nothing,
     * whatever there is: only {@code fetch} tells.
     */
    boolean isDrained(String token) {
        ask("resume " + token);
        JsonArray pending = askJson("fetch limit 1").getJsonArray("messages");
        return pending != null && pending.isEmpty();
    }

    /** The texts in an {@code inbox} reply, by sender. */
    static Map<String, List<String>> textsBySender(String reply) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        JsonObject messages = messages(reply);
        for (String sender : messages.fieldNames()) {
            texts.put(
                    sender,
                    messages.getJsonArray(sender).stream()
                            .map(message -> ((JsonObject) message).getString("msg"))
                            .toList());
        }
        return texts;
    }

    /** The texts in an {@code inbox} reply, in its order. */
    static List<String> texts(String reply) {
        JsonObject bySender = messages(reply);
        List<String> texts = new ArrayList<>();
        for (String sender : bySender.fieldNames()) {
            bySender.getJsonArray(sender).forEach(message -> texts.add(((JsonObject) message).getString("msg")));
        }
        return texts;
    }

    private static JsonObject messages(String reply) {
        JsonObject messages = new JsonObject(reply).getJsonObject("messages");
        assertThat(messages).as("the messages in %s", reply).isNotNull();
        return messages;
    }

    void send(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads one reply, its end included. */
    String reply() {
        try {
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            int matched = 0;
            while (matched < REPLY_END.length) {
                int next = read();
                if (next < 0) {
                    throw new EOFException("the connection ended after " + reply.size() + " bytes of a reply");
                }
                reply.write(next);
                matched = next == REPLY_END[matched] ? matched + 1 : next == REPLY_END[0] ? 1 : 0;
            }
            return reply.toString(StandardCharsets.US_ASCII);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads one byte; -1 at the end. */
    int read() throws IOException {
        if (position == available) {
            available = in.read(readBuffer);
            position = 0;
            if (available < 0) {
                available = 0;
                return -1;
            }
        }
        return readBuffer[position++] & 0xff;
    }

    /** Closes by a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
