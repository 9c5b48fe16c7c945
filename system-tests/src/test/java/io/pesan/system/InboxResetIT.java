package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 2,000 calls of {@code inbox}, the connection reset at a random byte of the reply, or right after it, or not at all. */
class InboxResetIT {

    private static final int CALLS = 2_000;
    private static final int MAX_MESSAGES_A_CALL = 5;
    private static final int MAX_TEXT = 2_000;

    /** So that a reply is often still on its way when the connection is reset. */
    private static final int SMALL_BUFFER = 2_048;

    private static final long SEED = 20_201_123;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    /** Messages in replies that were read whole on connections that ended well: they must never come again. */
    private final Set<String> settled = new HashSet<>();

    /** Messages in replies that were read whole. */
    private final Set<String> seen = new HashSet<>();

    @Test
    void nothingIsLostAndOnlyAResetRepeats() throws IOException {
        try (NodeProcess node = NodeProcess.start(folder.resolve("data"), List.of());
                WireClient sender = node.connect()) {
            sender.logIn("messi", "surabaya");
            String token = logIn(node);
            int sent = 0;
            for (int call = 0; call < CALLS; call++) {
                int more = 1 + random.nextInt(MAX_MESSAGES_A_CALL);
                for (int i = 0; i < more; i++) {
                    assertThat(sender.ask("send henderson " + text(sent++))).startsWith("{\"status\": \"OK\"");
                }
                callOnce(node, token);
            }
            readTheRest(node, token, sent);
            assertThat(seen).hasSize(sent);
        }
    }

    private String text(int number) {
        return "message-" + number + "-" + "x".repeat(random.nextInt(MAX_TEXT));
    }

    private static String logIn(NodeProcess node) {
        try (WireClient client = node.connect()) {
            return client.logIn("henderson", "surabaya");
        }
    }

    private void callOnce(NodeProcess node, String token) throws IOException {
        WireClient client = new WireClient(node.port(), 64, SMALL_BUFFER);
        client.send("inbox " + token + "\r\n");
        switch (random.nextInt(4)) {
            case 0 -> {
                // The connection ends in the middle of the reply, or before it.
                int left = random.nextInt(MAX_MESSAGES_A_CALL * MAX_TEXT);
                while (left > 0 && client.read() != '\n') {
                    left--;
                }
                client.reset();
            }
            case 1 -> {
                see(client.reply());
                client.reset();
            }
            case 2 -> {
                settle(see(client.reply()));
                client.close();
            }
            default -> {
                Set<String> messages = see(client.reply());
                assertThat(client.ask("ping")).contains("pong");
                settle(messages);
                client.close();
            }
        }
    }

    /** A hand-over whose connection was reset a moment ago may still have the inbox. */
    private void readTheRest(NodeProcess node, String token, int sent) {
        try (WireClient client = node.connect()) {
            await("every message has come")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        settle(see(client.ask("inbox " + token)));
                        return seen.size() == sent;
                    });
            assertThat(see(client.ask("inbox " + token))).isEmpty();
        }
    }

    private Set<String> see(String reply) {
        Set<String> messages = new HashSet<>(WireClient.texts(reply));
        assertThat(messages).as("delivered for good before").noneMatch(settled::contains);
        seen.addAll(messages);
        return messages;
    }

    private void settle(Set<String> messages) {
        settled.addAll(messages);
    }
}
