package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Clients that send numbered messages to each other with short pauses, and connect anew, somewhere else, when a connection
 * ends; and the books on what became of each message.
 *
 * <p>A sender never sends the same message twice: what was not acknowledged may be in the inbox once, or not at all. In an
 * inbox the numbers of each sender only grow: a message that is stored late would stand behind a greater one.
 */
final class Traffic implements AutoCloseable {

    private static final String PASSWORD = "secret";
    private static final Duration RETRY = Duration.ofMillis(20);
    /**
     * Between two messages of a client that sends as long as a fault lasts: nodes that start must not wait for the CPU, nor
     * reading it all again take longer than the fault.
     */
    private static final Duration PAUSE = Duration.ofMillis(5);
    /** Where hundreds of clients send a number of messages each: two cores are to be busy, not overrun. */
    private static final Duration LONG_PAUSE = Duration.ofMillis(30);

    private static final Duration LONG = Duration.ofMillis(50);
    /** Of an inbox, by a hand-over whose gateway is gone; and a little more. */
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(4);

    /** Of an inbox, by a gateway that is gone, until it lapses; and what reading the rest takes. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** A client that sends, and what it knows. */
    private final class Sender implements Runnable {

        private final int number;
        private final String token;
        private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        private final AtomicInteger next = new AtomicInteger();

        Sender(int number, String token) {
            this.number = number;
            this.token = token;
        }

        @Override
        public void run() {
            while (!stopping && next.get() < most) {
                try (WireClient client = new WireClient(gateway.getAsInt(), patience)) {
                    converse(client);
                } catch (UncheckedIOException | IllegalStateException broken) {
                    breaks.incrementAndGet();
                    LockSupport.parkNanos(RETRY.toNanos());
                }
            }
        }

        private void converse(WireClient client) {
            int until = connectionLength();
            for (int sent = 0; sent < until && !stopping && next.get() < most; sent++) {
                int message = next.getAndIncrement();
                long asked = System.nanoTime();
                String reply = client.ask("send " + token + " " + recipient(message) + " " + message);
                long answered = System.nanoTime();
                if (answered - asked > LONG.toNanos()) {
                    slow.add(new Answered(asked, answered));
                }
                if (reply.startsWith("{\"status\": \"OK\"")) {
                    acknowledged.add(message);
                    total.incrementAndGet();
                    LockSupport.parkNanos(pause.toNanos());
                } else {
                    refusals.merge(reply.strip(), 1, Integer::sum);
                    lastTroubleNanos.set(System.nanoTime());
                    LockSupport.parkNanos(RETRY.toNanos());
                }
            }
        }

        /** Half of them write to one inbox alone, where two messages next to each other would show that they changed places. */
        private String recipient(int message) {
            int distance = number % 2 == 0 ? 0 : message % (users - 1);
            return name(group, (number + 1 + distance) % users);
        }

        private int connectionLength() {
            return reconnecting ? 1 + ThreadLocalRandom.current().nextInt(100) : Integer.MAX_VALUE;
        }
    }

    /** When a command was sent and when it was answered, if that took long. */
    private record Answered(long fromNanos, long toNanos) {}

    /** A client that reads its inbox all the time, and what it has got. */
    private final class Reader implements Runnable {

        private final String token;
        /** By sender, in the order in which they came. */
        private final Map<String, List<String>> texts = new LinkedHashMap<>();

        /** Whether it may have got some messages twice, or a hand-over to it may be unsettled. */
        private boolean repeated;

        Reader(String token) {
            this.token = token;
        }

        @Override
        public void run() {
            while (!stopping) {
                try (WireClient client = new WireClient(gateway.getAsInt())) {
                    for (int i = 0; i < 20 && !stopping; i++) {
                        long asked = System.nanoTime();
                        String reply = client.ask("inbox " + token);
                        // The lease of what came before has lapsed meanwhile, and nobody has confirmed it.
                        repeated |= System.nanoTime() - asked > SHORTEST_LEASE.toNanos();
                        if (reply.startsWith("{\"status\": \"OK\"")) {
                            take(WireClient.textsBySender(reply));
                        }
                        LockSupport.parkNanos(RETRY.toNanos());
                    }
                    // Any command shows that the reply before it has been read.
                    client.ask("ping");
                } catch (UncheckedIOException | IllegalStateException unsettled) {
                    repeated = true;
                    LockSupport.parkNanos(RETRY.toNanos());
                }
            }
        }

        private void take(Map<String, List<String>> more) {
            more.forEach((sender, ofSender) ->
                    texts.computeIfAbsent(sender, none -> new ArrayList<>()).addAll(ofSender));
        }

        /** Reads what is left, also what a hand-over holds that nobody has settled. */
        Map<String, List<String>> rest() {
            await("an inbox is empty").atMost(LEASE).pollInterval(RETRY).until(() -> {
                try (WireClient client = new WireClient(gateway.getAsInt())) {
                    take(client.readWhatCanBeBySender(token));
                    return client.isDrained(token);
                }
            });
            return texts;
        }
    }

    private final String group;
    private final int users;
    private final int most;
    private final Duration pause;
    private final boolean reconnecting;
    private final IntSupplier gateway;
    private final List<Sender> senders = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicInteger breaks = new AtomicInteger();
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final Queue<Answered> slow = new ConcurrentLinkedQueue<>();
    private final AtomicLong lastTroubleNanos = new AtomicLong(System.nanoTime());
    private Duration patience = WireClient.PATIENCE;
    private volatile boolean stopping;

    /**
     * Logs everybody in.
     *
     * @param group of accounts that exist; they write to each other and nobody else does
     * @param users how many they are
     * @param most messages that each sends, at most
     * @param reconnecting whether clients connect anew all the time, or only when a connection ends
     * @param gateway tells the port to connect to; asked before each connection
     */
    Traffic(String group, int users, int most, boolean reconnecting, IntSupplier gateway) {
        this.group = group;
        this.users = users;
        this.most = most;
        this.pause = most == Integer.MAX_VALUE ? PAUSE : LONG_PAUSE;
        this.reconnecting = reconnecting;
        this.gateway = gateway;
        for (int i = 0; i < users; i++) {
            Sender sender = new Sender(i, logIn(i));
            senders.add(sender);
            readers.add(new Reader(sender.token));
        }
    }

    static void addUsers(NodeProcess node, String group, int users) {
        for (int i = 0; i < users; i++) {
            node.addUser(name(group, i), PASSWORD, "User " + i);
        }
    }

    private static String name(String group, int user) {
        return group + "-" + user;
    }

    /** Lets senders leave a node that has not answered for so long. To be called before {@link #start}. */
    Traffic withPatience(Duration shorter) {
        patience = shorter;
        return this;
    }

    Traffic start() {
        senders.forEach(sender -> start(sender, name(group, sender.number)));
        return this;
    }

    /** Lets some of them read their inboxes as well, all the time. */
    Traffic alsoRead(int count) {
        readers.subList(0, count).forEach(reader -> start(reader, "reader"));
        return this;
    }

    private void start(Runnable client, String name) {
        Thread thread = new Thread(client, name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /** Messages acknowledged until now. */
    int acknowledged() {
        return total.get();
    }

    /** By sender, the numbers of the messages that were acknowledged until now. */
    Map<String, Set<Integer>> acknowledgedBySender() {
        Map<String, Set<Integer>> all = new HashMap<>();
        senders.forEach(sender -> all.put(name(group, sender.number), Set.copyOf(sender.acknowledged)));
        return all;
    }

    /** Replies that were no OK, each with how often it came. */
    Map<String, Integer> refusals() {
        return Map.copyOf(refusals);
    }

    /** Connections that ended while a reply was due, or could not be made. */
    int breaks() {
        return breaks.get();
    }

    /** How long after a moment (by {@link System#nanoTime}) the last command failed; zero: none did. */
    Duration lastTroubleAfter(long nanos) {
        return Duration.ofNanos(Math.max(0, lastTroubleNanos.get() - nanos));
    }

    /** The longest that an answer took which came after a moment; zero: none took long. */
    Duration slowestSince(long nanos) {
        return slow.stream()
                .filter(answer -> answer.toNanos() - nanos > 0)
                .map(answer -> Duration.ofNanos(answer.toNanos() - answer.fromNanos()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Waits until everybody has sent all messages. */
    void finish() {
        join();
    }

    /** The token of one of them. */
    String token(int user) {
        return senders.get(user).token;
    }

    /** Lets everybody finish the command under way. */
    void stop() {
        stopping = true;
        join();
    }

    private void join() {
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.MINUTES.toMillis(3));
                assertThat(thread.isAlive()).as(thread.getName() + " hangs").isFalse();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    /**
     * Reads every inbox; what was acknowledged is there once, what was not at most once, and each sender's in order. Only
     * a reader whose connection broke, or whose node was silent for as long as a lease lasts, may have got some again.
     *
     * @return how many are there that were not acknowledged
     */
    int checkBooks() {
        Map<String, Set<Integer>> found = new HashMap<>();
        for (Reader reader : readers) {
            reader.rest().forEach((sender, texts) -> {
                Set<Integer> ofSender = found.computeIfAbsent(sender, none -> new HashSet<>());
                int greatest = -1;
                for (String text : texts) {
                    int number = Integer.parseInt(text);
                    if (number <= greatest) {
                        assertThat(reader.repeated && ofSender.contains(number))
                                .as(sender + "'s " + number + " after " + greatest)
                                .isTrue();
                    } else {
                        assertThat(ofSender.add(number))
                                .as(sender + "'s " + number + " is in one inbox")
                                .isTrue();
                        greatest = number;
                    }
                }
            });
        }
        int unacknowledged = 0;
        for (Sender sender : senders) {
            Set<Integer> stored = found.getOrDefault(name(group, sender.number), Set.of());
            List<String> lost = sender.acknowledged.stream()
                    .filter(message -> !stored.contains(message))
                    .sorted()
                    .map(message -> message + " to " + sender.recipient(message))
                    .toList();
            assertThat(lost.size())
                    .as(
                            "what %s was told to be sent and is in no inbox, of %d: %s",
                            name(group, sender.number),
                            sender.next.get(),
                            lost.stream().limit(20).toList())
                    .isZero();
            unacknowledged += stored.size() - sender.acknowledged.size();
        }
        return unacknowledged;
    }

    @Override
    public void close() {
        stop();
    }

    private String logIn(int user) {
        try (WireClient client = new WireClient(gateway.getAsInt())) {
            return client.logIn(name(group, user), PASSWORD);
        }
    }
}
