package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.RedisForTests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis of one's own that is stopped under load and started again. */
class RedisOutageIT {

    private static final int SENDERS = 4;
    /** Five seconds, and some for a machine that pauses. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(8);

    private static final Duration LONGEST_RETURN = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> otherReplies = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Duration> answerTimes = new ConcurrentLinkedQueue<>();

    @Test
    void commandsAreUnavailableMeanwhileAndServiceResumesByItself() throws InterruptedException {
        try (RedisForTests redis = RedisForTests.start();
                NodeProcess node = NodeProcess.start(
                        folder.resolve("data"),
                        List.of(
                                "redis.url=redis://127.0.0.1:" + redis.port(),
                                "accounts.demo=true",
                                "inbox.max-messages=0",
                                "inbox.max-bytes=0"));
                WireClient reader = node.connect()) {
            String token = reader.logIn("henderson", "surabaya");
            List<Thread> senders = startSenders(node);
            await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.size() > 1_000);

            redis.stop();
            await("the outage is seen").atMost(Duration.ofSeconds(30)).until(() -> otherReplies.size() > SENDERS);
            assertThat(reader.ask("inbox " + token)).contains("\"code\": \"UNAVAILABLE\"");
            assertThat(reader.ask("auth messi surabaya")).contains("\"code\": \"UNAVAILABLE\"");
            redis.startAgain();
            await("service has resumed")
                    .atMost(LONGEST_RETURN)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> reader.ask("listuser " + token).startsWith("{\"status\": \"OK\""));
            // Every service has connections of its own, which come back one by one.
            List<String> received = new ArrayList<>();
            await("inboxes can be read")
                    .atMost(LONGEST_RETURN)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> readInto(received, reader.ask("inbox " + token)));

            int before = acknowledged.size();
            await("messages flow again").atMost(Duration.ofSeconds(30)).until(() -> acknowledged.size() > before + 100);
            stopping.set(true);
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(otherReplies).allSatisfy(reply -> assertThat(reply).contains("\"code\": \"UNAVAILABLE\""));
            assertThat(answerTimes).allSatisfy(time -> assertThat(time).isLessThan(LONGEST_ANSWER));
            await("all is read").atMost(Duration.ofMinutes(1)).until(() -> {
                received.addAll(reader.readWhatCanBe(token));
                return reader.isDrained(token);
            });
            assertThat(received).doesNotHaveDuplicates().containsAll(acknowledged);
        }
    }

    private static boolean readInto(List<String> received, String reply) {
        if (!reply.startsWith("{\"status\": \"OK\"")) {
            return false;
        }
        received.addAll(WireClient.texts(reply));
        return true;
    }

    private List<Thread> startSenders(NodeProcess node) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            String prefix = "message-" + i + "-";
            Thread thread = new Thread(() -> send(node, prefix));
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private void send(NodeProcess node, String prefix) {
        try (WireClient client = node.connect()) {
            client.logIn("messi", "surabaya");
            for (int number = 0; !stopping.get(); number++) {
                long start = System.nanoTime();
                String reply = client.ask("send henderson " + prefix + number);
                answerTimes.add(Duration.ofNanos(System.nanoTime() - start));
                if (reply.startsWith("{\"status\": \"OK\"")) {
                    acknowledged.add(prefix + number);
                } else {
                    otherReplies.add(reply);
                }
            }
        }
    }
}
