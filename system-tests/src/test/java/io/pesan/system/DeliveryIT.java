package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients are promised about each message, over three nodes: once, in order, to its reader alone. */
class DeliveryIT {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryIT.class);
    private static final long SEED = 20_261_124;
    /** Whether a session lives is looked at again after 2.8 s at the earliest. */
    private static final Duration BEFORE_IT_LOOKS = Duration.ofMillis(2_500);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static ClusterUnderTest cluster;
    private static ExecutorService threads;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void start() {
        threads = Executors.newCachedThreadPool();
        cluster = ClusterUnderTest.start(folder, 3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
        threads.shutdownNow();
    }

    // ---- tags ------------------------------------------------------------------------------------------------------

    private static final int TAGGED = 100_000;
    private static final int ROUND = 1_000;
    private static final int MAX_REPEATS = 3;

    /** Sends a tagged message through a node. */
    private record Sending(int message, int node) {}

    @Test
    void aTaggedSendIsStoredOnceHoweverOftenItIsRepeatedAndWherever() throws Exception {
        List<WireClient> senders = connectAs("messi");
        try (WireClient reader = cluster.node("n1").connect()) {
            reader.readAll(reader.logIn("henderson", "surabaya"));
            for (int round = 0; round < TAGGED / ROUND; round++) {
                int first = round * ROUND;
                Map<Integer, String> ids = new ConcurrentHashMap<>();
                List<Sending> before = new ArrayList<>();
                List<Sending> after = new ArrayList<>();
                for (int message = first; message < first + ROUND; message++) {
                    int node = random.nextInt(3);
                    before.add(new Sending(message, node));
                    List<Sending> repeats = message % 3 == 0 ? after : before;
                    for (int repeat = 0; repeat <= random.nextInt(MAX_REPEATS); repeat++) {
                        repeats.add(new Sending(message, (node + 1 + random.nextInt(2)) % 3));
                    }
                }
                assertThat(sendAll(senders, before, ids)).as("stored").isEqualTo(ROUND);
                JsonObject pending = reader.askJson("fetch limit 1000");
                List<String> stored = pending.getJsonArray("messages").stream()
                        .map(message -> ((JsonObject) message).getString("text"))
                        .toList();
                assertThat(stored).hasSize(ROUND).doesNotHaveDuplicates();
                String last = pending.getJsonArray("messages")
                        .getJsonObject(ROUND - 1)
                        .getString("id");
                assertThat(reader.askJson("ack " + last).getInteger("removed")).isEqualTo(ROUND);

                assertThat(sendAll(senders, after, ids)).as("stored again").isZero();
                assertThat(reader.ask("fetch limit 1")).contains("\"messages\": []");
            }
        } finally {
            senders.forEach(WireClient::close);
        }
    }

    /** All nodes at once; returns how many were new. Every repeat must answer the id of the first. */
    private static int sendAll(List<WireClient> senders, List<Sending> sendings, Map<Integer, String> ids)
            throws Exception {
        AtomicInteger stored = new AtomicInteger();
        List<Callable<Void>> work = new ArrayList<>();
        for (int node = 0; node < senders.size(); node++) {
            int number = node;
            WireClient client = senders.get(node);
            List<Integer> messages = sendings.stream()
                    .filter(sending -> sending.node() == number)
                    .map(Sending::message)
                    .toList();
            work.add(() -> {
                StringBuilder lines = new StringBuilder();
                messages.forEach(message -> lines.append("@t-%d send henderson text %d\n".formatted(message, message)));
                client.send(lines.toString());
                for (int message : messages) {
                    JsonObject reply = new JsonObject(client.reply());
                    String id = reply.getString("id");
                    assertThat(id).as("%s", reply).isNotNull();
                    String known = ids.putIfAbsent(message, id);
                    assertThat(known == null || known.equals(id)).as("one id").isTrue();
                    if (!reply.getBoolean("duplicate", false)) {
                        stored.incrementAndGet();
                    }
                }
                return null;
            });
        }
        for (Future<Void> done : threads.invokeAll(work)) {
            done.get();
        }
        return stored.get();
    }

    // ---- two readers -----------------------------------------------------------------------------------------------

    private static final int INBOX_CALLS = 100_000;

    /** A connection that reads, and whether it was reset: what it was handed over may come again then. */
    private static final class Reader {
        final WireClient client;
        volatile boolean reset;

        Reader(WireClient client) {
            this.client = client;
        }
    }

    @Test
    void twoThatReadAtOnceGetEachMessageOnceUnlessOneIsReset() throws Exception {
        Map<String, Reader> seen = new ConcurrentHashMap<>();
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        String token;
        try (WireClient client = cluster.node("n1").connect()) {
            token = client.logIn("lineker", "surabaya");
            client.readAll(token);
        }
        Future<?> sender = threads.submit(() -> {
            try (WireClient client = cluster.node("n1").connect()) {
                client.logIn("messi", "surabaya");
                while (!enough.get()) {
                    assertThat(client.ask("send lineker number " + sent.get())).contains("Message Sent");
                    sent.incrementAndGet();
                }
            }
        });
        Future<?> steady = threads.submit(() -> read("n2", token, seen, calls, new Random(SEED + 1), 0));
        Future<?> resetting = threads.submit(() -> read("n3", token, seen, calls, new Random(SEED + 2), 50));
        steady.get();
        resetting.get();
        enough.set(true);
        sender.get();
        try (WireClient client = cluster.node("n2").connect()) {
            Reader last = new Reader(client);
            await("the rest").atMost(Duration.ofSeconds(20)).until(() -> {
                see(seen, last, client.ask("inbox " + token));
                return seen.size() == sent.get();
            });
        }
    }

    /** @param resets one call in so many is followed by a reset; 0: none */
    private static void read(
            String node, String token, Map<String, Reader> seen, AtomicInteger calls, Random random, int resets) {
        Reader reader = new Reader(cluster.node(node).connect());
        while (calls.incrementAndGet() <= INBOX_CALLS) {
            if (resets > 0 && random.nextInt(resets) == 0) {
                reader.reset = true;
                reader.client.send("inbox " + token + "\r\n");
                if (random.nextBoolean()) {
                    see(seen, reader, reader.client.reply());
                }
                reader.client.reset();
                reader = new Reader(cluster.node(node).connect());
            } else {
                see(seen, reader, reader.client.ask("inbox " + token));
            }
        }
        reader.client.ask("ping");
        reader.client.close();
    }

    private static void see(Map<String, Reader> seen, Reader reader, String reply) {
        for (String text : WireClient.texts(reply)) {
            Reader before = seen.put(text, reader);
            assertThat(before == null || before.reset).as("%s came twice", text).isTrue();
        }
    }

    // ---- listeners -------------------------------------------------------------------------------------------------

    private static final int MESSAGES = 50_000;
    private static final int KILLS = 1_000;
    /** Sent and not seen yet: so that most are pushed, and not read when listening begins. */
    private static final int MAX_AHEAD = 200;

    @Test
    void aListenerThatIsKilledAndResumedSeesEachMessageOnceAndInOrder() throws Exception {
        String token;
        try (WireClient client = cluster.node("n1").connect()) {
            token = client.logIn("henderson", "surabaya");
            client.readAll(token);
        }
        AtomicInteger seen = new AtomicInteger();
        Future<?> sender = threads.submit(() -> {
            try (WireClient client = cluster.node("n1").connect()) {
                client.logIn("messi", "surabaya");
                for (int i = 0; i < MESSAGES; i += 50) {
                    int ahead = i - MAX_AHEAD;
                    await().atMost(Duration.ofSeconds(30))
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> seen.get() >= ahead);
                    StringBuilder lines = new StringBuilder();
                    for (int j = i; j < i + 50; j++) {
                        lines.append("send henderson number ").append(j).append('\n');
                    }
                    client.send(lines.toString());
                    for (int j = 0; j < 50; j++) {
                        assertThat(client.reply()).contains("Message Sent");
                    }
                }
            }
        });
        String last = "0-0";
        int kills = 0;
        while (seen.get() < MESSAGES) {
            // On average nine tenths of what there is for each, so that all of them come to pass.
            int left = kills < KILLS ? random.nextInt(9 * 2 * MESSAGES / 10 / KILLS) : MESSAGES;
            last = listen(token, last, left, seen);
            kills++;
        }
        sender.get();
        assertThat(kills).isGreaterThan(KILLS);
        LOG.info("a listener that was killed {} times saw {} messages once", kills, seen.get());
        try (WireClient client = cluster.node("n2").connect()) {
            assertThat(client.ask("resume " + token)).contains("henderson");
            assertThat(client.askJson("ack " + last).getInteger("removed")).isEqualTo(MESSAGES);
        }
    }

    /** Listens for so many messages, then is killed, perhaps in the middle of the next. Returns the last id seen. */
    private String listen(String token, String after, int count, AtomicInteger seen) {
        WireClient client = cluster.gateways().get(random.nextInt(3)).connect();
        assertThat(client.ask("resume " + token)).contains("henderson");
        assertThat(client.ask("listen after " + after)).contains("Listening");
        String last = after;
        for (int i = 0; i < count && seen.get() < MESSAGES; i++) {
            JsonObject event = new JsonObject(client.reply());
            assertThat(event.getString("event")).isEqualTo("message");
            assertThat(event.getString("to")).isEqualTo("henderson");
            assertThat(event.getString("text")).isEqualTo("number " + seen.get());
            last = event.getString("id");
            seen.incrementAndGet();
        }
        if (seen.get() < MESSAGES && random.nextBoolean()) {
            readSome(client, random.nextInt(100));
        }
        if (random.nextBoolean()) {
            client.reset();
        } else {
            client.close();
        }
        return last;
    }

    private static void readSome(WireClient client, int bytes) {
        try {
            for (int i = 0; i < bytes; i++) {
                client.read();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void everyListenerSeesItsOwnMessagesAndNobodyElses() throws Exception {
        List<String> users = List.of("messi", "henderson", "lineker");
        List<Future<Set<String>>> listeners = new ArrayList<>();
        int each = 2_000;
        for (int i = 0; i < users.size(); i++) {
            WireClient client = cluster.gateways().get(i).connect();
            String token = client.logIn(users.get(i), "surabaya");
            client.readAll(token);
            client.ask("listen");
            String user = users.get(i);
            listeners.add(threads.submit(() -> {
                Set<String> texts = new HashSet<>();
                while (texts.size() < 2 * each) {
                    JsonObject event = new JsonObject(client.reply());
                    assertThat(event.getString("to")).isEqualTo(user);
                    assertThat(texts.add(event.getString("text"))).isTrue();
                }
                client.close();
                return texts;
            }));
        }
        List<Future<?>> senders = new ArrayList<>();
        for (int i = 0; i < users.size(); i++) {
            int own = i;
            senders.add(threads.submit(() -> {
                try (WireClient client = cluster.gateways().get((own + 1) % 3).connect()) {
                    client.logIn(users.get(own), "surabaya");
                    for (int number = 0; number < each; number++) {
                        for (String to : users) {
                            if (!to.equals(users.get(own))) {
                                String text = "from " + users.get(own) + " to " + to + " " + number;
                                assertThat(client.ask("send " + to + " " + text))
                                        .contains("Message Sent");
                            }
                        }
                    }
                }
            }));
        }
        for (Future<?> sender : senders) {
            sender.get();
        }
        for (int i = 0; i < users.size(); i++) {
            String own = " to " + users.get(i) + " ";
            assertThat(listeners.get(i).get()).allMatch(text -> text.contains(own));
        }
    }

    @Test
    void logOutAndAChangedPasswordOnAnotherNodeEndAListenerBeforeItLooksAgain() {
        try (WireClient listener = cluster.node("n1").connect();
                WireClient other = cluster.node("n2").connect()) {
            String token = listener.logIn("messi", "surabaya");
            listener.ask("listen");
            long start = System.nanoTime();
            other.ask("logout " + token);
            awaitClosing(listener, start);
        }
        try (WireClient listener = cluster.node("n3").connect();
                WireClient other = cluster.node("n2").connect()) {
            listener.logIn("messi", "surabaya");
            listener.ask("listen");
            other.logIn("messi", "surabaya");
            other.ask("listen");
            long start = System.nanoTime();
            assertThat(other.ask("passwd surabaya rosario")).contains("Password Changed");
            awaitClosing(listener, start);
            // Its own session goes on.
            assertThat(other.ask("passwd rosario surabaya")).contains("Password Changed");
        }
    }

    private static void awaitClosing(WireClient listener, long start) {
        String event = Stream.generate(listener::reply)
                .filter(frame -> frame.contains("\"closing\""))
                .findFirst()
                .orElseThrow();
        assertThat(event).contains("\"reason\": \"session\"");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BEFORE_IT_LOOKS);
        try {
            assertThat(listener.read()).isEqualTo(-1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<WireClient> connectAs(String user) {
        List<WireClient> clients =
                cluster.gateways().stream().map(NodeProcess::connect).toList();
        clients.forEach(client -> client.logIn(user, "surabaya"));
        return clients;
    }
}
