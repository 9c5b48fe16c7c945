package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that is listened on lives as long as it may, and not longer. */
class SessionEndIT {

    @TempDir
    Path folder;

    @Test
    void listeningKeepsASessionAliveUntilItsLifetimeIsOver() {
        List<String> settings = List.of("sessions.idle-timeout=2s", "sessions.lifetime=7s");
        try (NodeProcess node = NodeProcess.start(folder.resolve("data"), settings);
                WireClient listener = node.connect();
                WireClient sender = node.connect()) {
            long start = System.nanoTime();
            listener.logIn("henderson", "surabaya");
            listener.ask("listen");
            assertThat(listener.reply())
                    .as("nothing else comes before the session ends")
                    .isEqualTo("{\"event\": \"closing\", \"reason\": \"session\"}\r\n\r\n");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(6_900), Duration.ofSeconds(8));
            sender.logIn("messi", "surabaya");
            assertThat(sender.ask("send henderson hola")).contains("Message Sent");
        }
    }
}
