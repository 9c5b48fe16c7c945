package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is killed under load, and what the next one on its data directory finds. */
class CrashIT {

    private static final int SENDERS = 4;
    private static final int ENOUGH_ACKNOWLEDGED = 2_000;
    private static final List<String> NO_QUOTA = List.of("inbox.max-messages=0", "inbox.max-bytes=0");

    @TempDir
    Path folder;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @Test
    void aKilledNodeLosesNothingAcknowledgedAndLeavesNoProcessBehind() throws InterruptedException {
        Path data = folder.resolve("data");
        String reader;
        NodeProcess killed = NodeProcess.start(data, NO_QUOTA);
        try (WireClient client = killed.connect()) {
            reader = client.logIn("henderson", "surabaya");
            List<Thread> senders = startSenders(killed);
            await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > ENOUGH_ACKNOWLEDGED);
            killed.kill();
            for (Thread sender : senders) {
                sender.join();
            }
        }
        await("no process is left")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(killed.processesOnDataDirectory()).isEmpty());

        try (NodeProcess next = NodeProcess.start(data, NO_QUOTA);
                WireClient client = next.connect()) {
            List<String> received = new ArrayList<>();
            await("all is read").atMost(Duration.ofSeconds(20)).until(() -> {
                received.addAll(client.readWhatCanBe(reader));
                return client.isDrained(reader);
            });
            assertThat(received).doesNotHaveDuplicates().containsAll(acknowledged);
        }
    }

    @Test
    void aSecondNodeOnADataDirectoryInUseIsRefused() {
        Path data = folder.resolve("data");
        try (NodeProcess first = NodeProcess.start(data, List.of())) {
            NodeProcess second = NodeProcess.launch(data, List.of());
            assertThat(second.awaitExit()).isNotZero();
            assertThat(second.output().strip())
                    .contains(data.toString())
                    .doesNotContain("Exception")
                    .doesNotContain("\n");
            try (WireClient client = first.connect()) {
                assertThat(client.logIn("messi", "surabaya")).isNotEmpty();
            }
        }
    }

    private List<Thread> startSenders(NodeProcess node) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            String prefix = "message-" + i + "-";
            Thread thread = new Thread(() -> sendUntilItBreaks(node, prefix));
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private void sendUntilItBreaks(NodeProcess node, String prefix) {
        try (WireClient client = node.connect()) {
            client.logIn("messi", "surabaya");
            for (int number = 0; ; number++) {
                String reply = client.ask("send henderson " + prefix + number);
                if (reply.startsWith("{\"status\": \"OK\"")) {
                    acknowledged.add(prefix + number);
                }
            }
        } catch (UncheckedIOException ended) {
            // The node is gone: that is what this sender waits for.
            return;
        }
    }
}
