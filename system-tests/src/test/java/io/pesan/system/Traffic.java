package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Clients that send numbered messages to each other without a pause, and connect anew, somewhere else, when a connection
 * ends; and the books on what became of each message.
 *
 * <p>A sender never sends the same message twice: what was not acknowledged may be in the inbox once, or not at all. In an
 * inbox the numbers of each sender only grow: a message that is stored late would stand behind a greater one.
 */
final class Traffic implements AutoCloseable {

    private static final String PASSWORD = "secret";
    private static final Duration RETRY = Duration.ofMillis(20);

    /** A client that sends, and what it knows. */
    private final class Sender implements Runnable {

        private final int number;
        private final String token;
        private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        private int next;

        Sender(int number, String token) {
            this.number = number;
            this.token = token;
        }

        @Override
        public void run() {
            while (!stopping && next < most) {
                try (WireClient client = new WireClient(gateway.getAsInt())) {
                    converse(client);
                } catch (UncheckedIOException | IllegalStateException broken) {
                    breaks.incrementAndGet();
                    LockSupport.parkNanos(RETRY.toNanos());
                }
            }
        }

        private void converse(WireClient client) {
            int until = connectionLength();
            for (int sent = 0; sent < until && !stopping && next < most; sent++) {
                int message = next++;
                String recipient = name(group, (number + 1 + message % (users - 1)) % users);
                String reply = client.ask("send " + token + " " + recipient + " " + message);
                if (reply.startsWith("{\"status\": \"OK\"")) {
                    acknowledged.add(message);
                    total.incrementAndGet();
                } else {
                    refusals.merge(reply.strip(), 1, Integer::sum);
                    lastTroubleNanos.set(System.nanoTime());
                    LockSupport.parkNanos(RETRY.toNanos());
                }
            }
        }

        private int connectionLength() {
            return reconnecting ? 1 + ThreadLocalRandom.current().nextInt(100) : Integer.MAX_VALUE;
        }
    }

    private final String group;
    private final int users;
    private final int most;
    private final boolean reconnecting;
    private final IntSupplier gateway;
    private final List<Sender> senders = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicInteger breaks = new AtomicInteger();
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final AtomicLong lastTroubleNanos = new AtomicLong(System.nanoTime());
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
        this.reconnecting = reconnecting;
        this.gateway = gateway;
        for (int i = 0; i < users; i++) {
            senders.add(new Sender(i, logIn(i)));
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

    Traffic start() {
        for (Sender sender : senders) {
            Thread thread = new Thread(sender, name(group, sender.number));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return this;
    }

    /** Messages acknowledged until now. */
    int acknowledged() {
        return total.get();
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

    /** Reads every inbox; what was acknowledged is there once, what was not at most once, and each sender's in order. */
    void checkBooks() {
        Map<String, Set<Integer>> found = new HashMap<>();
        for (int reader = 0; reader < users; reader++) {
            try (WireClient client = new WireClient(gateway.getAsInt())) {
                client.readAllBySender(senders.get(reader).token).forEach((sender, texts) -> {
                    List<Integer> numbers = texts.stream().map(Integer::valueOf).toList();
                    assertThat(numbers).as("order of " + sender + "'s messages").isSorted();
                    Set<Integer> ofSender = found.computeIfAbsent(sender, none -> ConcurrentHashMap.newKeySet());
                    numbers.forEach(number -> assertThat(ofSender.add(number))
                            .as(sender + "'s " + number + " is there once")
                            .isTrue());
                });
            }
        }
        for (Sender sender : senders) {
            assertThat(found.getOrDefault(name(group, sender.number), Set.of()))
                    .as("what was acknowledged to " + name(group, sender.number))
                    .containsAll(sender.acknowledged);
        }
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
