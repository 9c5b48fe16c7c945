package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that is listened on lives as long as it may, and not longer. */
class SessionEndIT {

    @TempDir
    Path folder;

    @Test
    void listeningKeepsASessionAliveUntilItsLifetimeIsOver() {
        List<String> settings = new ArrayList<>(NodeProcess.CHEAP_HASHES);
        // Listening shows life four seconds before a session ends for want of it: a pause of this machine changes
        // nothing.
        settings.addAll(List.of("sessions.idle-timeout=8s", "sessions.lifetime=18s"));
        try (NodeProcess node = NodeProcess.start(folder.resolve("data"), settings);
                WireClient listener = node.connect();
                WireClient sender = node.connect()) {
            long before = System.nanoTime();
            listener.logIn("henderson", "surabaya");
            long after = System.nanoTime();
            listener.ask("listen");
            assertThat(listener.reply())
                    .as("nothing else comes before the session ends")
                    .isEqualTo("{\"event\": \"closing\", \"reason\": \"session\"}\r\n\r\n");
            long end = System.nanoTime();
            assertThat(Duration.ofNanos(end - before)).isGreaterThan(Duration.ofMillis(17_900));
            assertThat(Duration.ofNanos(end - after)).isLessThan(Duration.ofSeconds(33));
            sender.logIn("messi", "surabaya");
            assertThat(sender.ask("send henderson hola")).contains("Message Sent");
        }
    }
}
