package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.node.metrics.Samples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What three nodes under load count and log, held against what their clients and their Redis know. */
class MetricsIT {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsIT.class);
    private static final List<String> USERS = List.of("messi", "henderson", "lineker", "pele");
    private static final int CLIENTS = 12;
    private static final int COMMANDS = 400;
    private static final int CONNECTIONS = 10_000;
    private static final Duration LONGEST_SCRAPE = Duration.ofMillis(20);
    private static final int SCRAPES = 21;
    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(1);
    private static final int ROUNDS = 30;
    /** What no line of a log may have; with the tokens that nodes gave out. */
    private static final String TEXT = "rahasia";

    private static final String GUESS = "tebakan";
    private static final String PASSWORD = "kata-sandi-lama";
    private static final String NEXT_PASSWORD = "kata-sandi-baru";
    private static final Set<String> TOKENS = ConcurrentHashMap.newKeySet();
    private static final Duration SETTLED = Duration.ofSeconds(2);
    private static final int SENDS = 300;
    /** Lines that come by themselves meanwhile. */
    private static final int FEW_LINES = 5;

    @TempDir
    private static Path folder;

    private static ClusterUnderTest cluster;

    @BeforeAll
    static void start() {
        cluster = ClusterUnderTest.start(folder, 3, "gateway.max-pipelined=64");
        cluster.node("n1").addUser("pele", "surabaya", "Edson Arantes");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Replies by {@code command outcome}, as the clients got them. */
    private final Map<String, LongAdder> replies = new ConcurrentHashMap<>();

    @Test
    void theBooksBalance() throws InterruptedException {
        Map<String, Long> countedBefore = commandsCounted();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(20_261_125 + i);
            clients.add(new Thread(() -> talk(random)));
        }
        clients.forEach(Thread::start);
        for (Thread client : clients) {
            client.join();
        }

        Map<String, Long> received = new TreeMap<>();
        replies.forEach((key, count) -> received.put(key, count.sum()));
        Map<String, Long> counted = commandsCounted();
        countedBefore.forEach((key, before) -> counted.merge(key, -before, Long::sum));
        counted.values().removeIf(count -> count == 0);
        LOG.info("replies received and counted: {}", received);
        assertThat(counted).isEqualTo(received);
        // The hand-overs of clients that have hung up are confirmed by that; then nothing changes any more.
        await("accepted - removed = pending")
                .during(SETTLED)
                .atMost(Duration.ofMinutes(1))
                .until(() -> accepted() - removed() == pending());
        assertThat(pending()).isPositive();
        assertThat(removed()).isPositive();

        long removedBefore = removed();
        long pendingOfPele = pendingOf("pele");
        assertThat(cluster.node("n2").delete("users/pele")).isEqualTo(204);
        assertThat(removed() - removedBefore).isEqualTo(pendingOfPele);
        assertThat(accepted() - removed()).isEqualTo(pending());
        cluster.node("n1").addUser("pele", "surabaya", "Edson Arantes");
    }

    @Test
    void aScrapeIsQuickAndStallsNobodyWhileTenThousandClientsAreConnected() {
        NodeProcess node = cluster.node("n3");
        List<WireClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(new WireClient(node.port(), 16, 0));
            }
            await("all are served")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> MetricsPage.of(node).sum("pesan_gateway_connections") >= CONNECTIONS);
            // Time for the compiler.
            for (int i = 0; i < 10 * SCRAPES; i++) {
                MetricsPage.of(node);
            }
            Scrapes scrapes = Scrapes.of(node);
            for (int i = 1; i < ROUNDS && !scrapes.areGood(); i++) {
                // What else the machine has to do spoils some of them now and then, a scrape that stalls spoils all.
                LockSupport.parkNanos(BETWEEN_ROUNDS.toNanos());
                scrapes = Scrapes.of(node);
            }
            LOG.info("a scrape at {} connections: {}", CONNECTIONS, scrapes);
            assertThat(MetricsPage.of(node).sum("pesan_gateway_connections")).isGreaterThanOrEqualTo(CONNECTIONS);
            assertThat(scrapes.areGood()).as(scrapes.toString()).isTrue();
        } finally {
            clients.forEach(WireClient::close);
        }
    }

    /**
     * Some scrapes, one after the other.
     *
     * @param lateBeats turns of the node's event loops that came 100 ms late meanwhile
     */
    private record Scrapes(Duration quickest, Duration median, double lateBeats) {

        static Scrapes of(NodeProcess node) {
            Samples before = MetricsPage.of(node);
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < SCRAPES; i++) {
                long began = System.nanoTime();
                MetricsPage.text(node);
                times.add(Duration.ofNanos(System.nanoTime() - began));
            }
            times.sort(null);
            return new Scrapes(
                    times.get(0),
                    times.get(SCRAPES / 2),
                    MetricsIT.lateBeats(MetricsPage.of(node)) - MetricsIT.lateBeats(before));
        }

        boolean areGood() {
            return median.compareTo(LONGEST_SCRAPE) < 0 && lateBeats == 0;
        }
    }

    @Test
    void logsNeitherContentNorSecretsAndNothingForEachMessage() {
        cluster.node("n1").addUser("kempes", PASSWORD, "Mario Kempes");
        long before = infoLines();
        try (WireClient client = cluster.node("n2").connect()) {
            ask(client, "auth", "kempes " + PASSWORD);
            long loggedIn = infoLines();
            assertThat(loggedIn).as("lines at info are found").isGreaterThan(before);
            for (int i = 0; i < SENDS; i++) {
                assertThat(ask(client, "send", "messi " + TEXT + " " + i).containsKey("code"))
                        .isFalse();
            }
            assertThat(infoLines() - loggedIn).as("lines for messages").isLessThan(FEW_LINES);
        }
        assertThat(linesWithSecrets()).isEmpty();

        cluster.gateways().forEach(node -> node.logAt("debug"));
        try (WireClient client = cluster.node("n1").connect();
                WireClient listener = cluster.node("n3").connect()) {
            sayEverything(client, listener);
        } finally {
            cluster.gateways().forEach(node -> node.logAt("info"));
        }
        assertThat(cluster.node("n1").output()).as("what debug shows").contains("a client connected");
        assertThat(linesWithSecrets()).isEmpty();
        cluster.node("n1").delete("users/kempes");
    }

    private void sayEverything(WireClient client, WireClient listener) {
        ask(listener, "auth", "kempes " + PASSWORD);
        ask(listener, "listen", "");
        String token = ask(client, "auth", "kempes " + PASSWORD).getString("tokenid");
        ask(client, "@tag send", "kempes " + TEXT);
        assertThat(listener.reply()).contains(TEXT);
        ask(client, "auth", "kempes " + GUESS);
        ask(client, "auth", "kempes " + PASSWORD + " " + PASSWORD);
        ask(client, "resume", token);
        ask(client, "resume", token + " " + token);
        ask(client, "whoami", token);
        ask(client, "send", token + " nobody " + TEXT);
        ask(client, "sned", "kempes " + TEXT);
        ask(client, "fetch", "");
        ask(client, "inbox", token);
        ask(client, "passwd", GUESS + " " + NEXT_PASSWORD);
        ask(client, "passwd", PASSWORD + " " + NEXT_PASSWORD);
        ask(client, "logout", token);
        ask(client, "logout", token);
    }

    private static long infoLines() {
        return lines().filter(line -> line.contains("\"level\":\"INFO\"")).count();
    }

    private static List<String> linesWithSecrets() {
        List<String> secrets = new ArrayList<>(List.of(TEXT, GUESS, PASSWORD, NEXT_PASSWORD));
        assertThat(TOKENS).isNotEmpty();
        secrets.addAll(TOKENS);
        return lines().filter(line -> secrets.stream().anyMatch(line::contains)).toList();
    }

    private static Stream<String> lines() {
        return cluster.gateways().stream().flatMap(node -> node.output().lines());
    }

    private static double lateBeats(Samples samples) {
        return samples.sum("pesan_event_loop_lag_seconds_count")
                - samples.sum("pesan_event_loop_lag_seconds_bucket", "le", "0.1");
    }

    // ---- clients -------------------------------------------------------------------------------------------------

    private void talk(Random random) {
        for (int conversation = 0; conversation < 4; conversation++) {
            NodeProcess node = cluster.node("n" + (1 + random.nextInt(3)));
            try (WireClient client = node.connect()) {
                ask(client, "auth", USERS.get(random.nextInt(USERS.size())) + " surabaya");
                for (int i = 0; i < COMMANDS / 4; i++) {
                    say(client, random);
                }
            }
        }
    }

    private void say(WireClient client, Random random) {
        switch (random.nextInt(16)) {
            case 0 -> ask(client, "inbox", "");
            case 1 -> ask(client, "send", "nobody " + TEXT);
            case 2 -> ask(client, "ack", ask(client, "fetch", "limit 3").getJsonArray("messages", new JsonArray()));
            case 3 -> ask(client, "listuser", "");
            case 4 -> ask(client, "sned", "henderson " + TEXT);
            case 5 -> ask(client, "send", "");
            case 6 -> ask(client, "auth", "messi " + GUESS);
            case 7 -> ask(client, "auth", USERS.get(random.nextInt(USERS.size())) + " surabaya");
            case 8 -> ask(client, "ping", "");
            default ->
                ask(client, "send", USERS.get(random.nextInt(USERS.size())) + " " + TEXT + " " + random.nextInt());
        }
    }

    private void ask(WireClient client, String command, JsonArray messages) {
        if (!messages.isEmpty()) {
            ask(client, command, messages.getJsonObject(messages.size() - 1).getString("id"));
        }
    }

    private JsonObject ask(WireClient client, String command, String arguments) {
        JsonObject reply = client.askJson(command + " " + arguments);
        if (reply.containsKey("tokenid")) {
            TOKENS.add(reply.getString("tokenid"));
        }
        String outcome = reply.getString("code", "ok").toLowerCase(Locale.ROOT);
        String known = outcome.equals("command_unknown") ? "unknown" : command;
        replies.computeIfAbsent(known + " " + outcome, key -> new LongAdder()).increment();
        return reply;
    }

    // ---- books ---------------------------------------------------------------------------------------------------

    private static Map<String, Long> commandsCounted() {
        Map<String, Long> counted = new TreeMap<>();
        MetricsPage.of(cluster.gateways())
                .of("pesan_gateway_commands_total")
                .filter(sample -> sample.value() > 0)
                .forEach(sample -> counted.merge(
                        sample.label("command") + " " + sample.label("outcome"), (long) sample.value(), Long::sum));
        return counted;
    }

    private static long accepted() {
        return (long) MetricsPage.of(cluster.gateways()).sum("pesan_inbox_messages_accepted_total");
    }

    private static long removed() {
        return (long) MetricsPage.of(cluster.gateways()).sum("pesan_inbox_messages_removed_total");
    }

    private static long pending() {
        return USERS.stream().mapToLong(MetricsIT::pendingOf).sum();
    }

    private static long pendingOf(String user) {
        return Long.parseLong(String.valueOf(cluster.redis().call("XLEN", "pesan:{" + user + "}:inbox")));
    }
}
