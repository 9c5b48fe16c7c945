package io.pesan.system;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * One client that sends numbered messages under tags, again if a connection ends before the reply, and one that listens and
 * acknowledges. Both connect anew all the time and log in with a password; the sender asks who is there and logs out.
 */
final class TaggedTraffic implements AutoCloseable {

    private static final int FRAMES_A_CONNECTION = 100;
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration RETRY = Duration.ofMillis(20);

    private final IntSupplier gateway;
    private final Thread sending = new Thread(this::send, "tagged sender");
    private final Thread listening = new Thread(this::listen, "tagged listener");
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    /** When each message that has not arrived was asked to be sent, by {@link System#nanoTime}. */
    private final Map<Integer, Long> askedNanos = new ConcurrentHashMap<>();

    private final Queue<Duration> delays = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger breaks = new AtomicInteger();
    private volatile boolean finishing;
    private volatile boolean closed;
    /** Only the listener's. */
    private String last = "";

    /** @param gateway tells the port to connect to; asked before each connection */
    TaggedTraffic(IntSupplier gateway) {
        this.gateway = gateway;
    }

    TaggedTraffic start() {
        for (Thread thread : new Thread[] {sending, listening}) {
            thread.setDaemon(true);
            thread.start();
        }
        return this;
    }

    /** Messages acknowledged to the sender. */
    int sent() {
        return sent.get();
    }

    /** Messages that the listener was sent, each once and in their order. */
    int received() {
        return received.get();
    }

    /** Replies that were no OK, known tags included: what a connection's end left unanswered must not have been done. */
    Map<String, Integer> failures() {
        return Map.copyOf(failures);
    }

    /** Connections that ended while something was due. */
    int breaks() {
        return breaks.get();
    }

    /** From asking for a message to be sent to the listener's having it: half of them took less. */
    Duration medianDelay() {
        return delays.stream().sorted().skip(delays.size() / 2).findFirst().orElse(Duration.ZERO);
    }

    /** Lets the sender end; the listener goes on. */
    void finishSending() {
        finishing = true;
        join(sending);
    }

    private void send() {
        while (!finishing) {
            connected(client -> {
                expectOk(ask(client, "auth messi surabaya"));
                for (int i = 0; i < FRAMES_A_CONNECTION && !finishing; i++) {
                    sendNext(client);
                }
                expectOk(ask(client, "listuser"));
                expectOk(ask(client, "logout"));
            });
        }
    }

    private void sendNext(WireClient client) {
        int number = sent.get();
        askedNanos.putIfAbsent(number, System.nanoTime());
        JsonObject reply = ask(client, "@t" + number + " send henderson " + number);
        if (expectOk(reply)) {
            if (reply.getBoolean("duplicate", false)) {
                fail("a message was stored, and its sender not told");
            }
            sent.incrementAndGet();
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    private void listen() {
        while (!closed) {
            connected(client -> {
                expectOk(ask(client, "auth henderson surabaya"));
                client.send("listen" + (last.isEmpty() ? "" : " after " + last) + "\r\n");
                for (int frames = 0; frames < FRAMES_A_CONNECTION && !closed; frames++) {
                    JsonObject frame = new JsonObject(client.reply());
                    if ("message".equals(frame.getString("event"))) {
                        take(frame);
                        client.send("ack " + last + "\r\n");
                    } else if (!frame.containsKey("event")) {
                        expectOk(frame);
                    }
                }
            });
        }
    }

    private void take(JsonObject message) {
        int number = Integer.parseInt(message.getString("text"));
        if (number != received.get()) {
            fail(number + " came where " + received + " was due");
        }
        Long asked = askedNanos.remove(number);
        if (asked != null) {
            delays.add(Duration.ofNanos(System.nanoTime() - asked));
        }
        received.incrementAndGet();
        last = message.getString("id");
    }

    private interface Conversation {
        void hold(WireClient client);
    }

    private void connected(Conversation conversation) {
        try (WireClient client = new WireClient(gateway.getAsInt())) {
            conversation.hold(client);
        } catch (UncheckedIOException ended) {
            breaks.incrementAndGet();
            LockSupport.parkNanos(RETRY.toNanos());
        }
    }

    /** Passes over events: that the node is about to leave is told between replies. */
    private static JsonObject ask(WireClient client, String line) {
        JsonObject frame = client.askJson(line);
        while (frame.containsKey("event")) {
            frame = new JsonObject(client.reply());
        }
        return frame;
    }

    private boolean expectOk(JsonObject reply) {
        boolean ok = "OK".equals(reply.getString("status"));
        if (!ok) {
            fail(reply.encode());
        }
        return ok;
    }

    private void fail(String what) {
        failures.merge(what, 1, Integer::sum);
    }

    private static void join(Thread thread) {
        try {
            thread.join(TimeUnit.MINUTES.toMillis(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        if (thread.isAlive()) {
            throw new IllegalStateException(thread.getName() + " hangs");
        }
    }

    @Override
    public void close() {
        finishing = true;
        closed = true;
    }
}
