package io.pesan.system;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A little of everything that clients do, on every node, until it is closed. Clients that lose their node come back. */
final class MixedLoad implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;
    private volatile boolean guessing;

    static MixedLoad on(List<NodeProcess> nodes) {
        MixedLoad load = new MixedLoad();
        for (NodeProcess node : nodes) {
            load.start(() -> load.keepOn(node, load::talk));
            load.start(() -> load.keepOn(node, load::listen));
            load.start(() -> load.keepOn(node, load::guess));
        }
        return load;
    }

    /** Whether wrong passwords are tried as fast as they are answered. */
    void guessPasswords(boolean on) {
        guessing = on;
    }

    private interface Client {
        void run(WireClient client);
    }

    private void start(Runnable work) {
        Thread thread = new Thread(work, "mixed load");
        threads.add(thread);
        thread.start();
    }

    private void keepOn(NodeProcess node, Client conversation) {
        while (!stopping) {
            try (WireClient client = node.connect()) {
                conversation.run(client);
            } catch (UncheckedIOException | IllegalStateException gone) {
                LockSupport.parkNanos(BACK_NANOS);
            }
        }
    }

    private void talk(WireClient client) {
        client.logIn("messi", "surabaya");
        for (int i = 1; !stopping; i++) {
            client.ask("send henderson hola " + i);
            client.ask("@t" + (i / 2) + " send lineker hola " + i / 2);
            if (i % 20 == 0) {
                client.ask("inbox");
                client.ask("send nobody hola");
                client.ask("auth messi surabaya");
                client.ask("auth messi wrong");
                client.ask("auth messi surabaya");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Reads and acknowledges, and now and then what was pushed to it meanwhile. */
    private void listen(WireClient client) {
        client.logIn("henderson", "surabaya");
        client.ask("listen");
        while (!stopping) {
            JsonObject frame = client.askJson("fetch limit 50");
            while (frame.containsKey("event")) {
                frame = new JsonObject(client.reply());
            }
            JsonArray messages = frame.getJsonArray("messages", new JsonArray());
            if (!messages.isEmpty()) {
                String last = messages.getJsonObject(messages.size() - 1).getString("id");
                String reply = client.ask("ack " + last);
                while (reply.contains("\"event\"")) {
                    reply = client.reply();
                }
            }
            LockSupport.parkNanos(BACK_NANOS);
        }
    }

    private void guess(WireClient client) {
        while (!stopping) {
            if (guessing) {
                client.ask("auth messi guessed");
            } else {
                LockSupport.parkNanos(BACK_NANOS);
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        threads.forEach(thread -> {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
