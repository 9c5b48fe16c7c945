package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that is listened on lives as long as it may, and not longer. */
class SessionEndIT {

    private static final Duration LONGEST = Duration.ofSeconds(33);

    @TempDir
    private Path folder;

    @Test
    void listeningKeepsASessionAliveUntilItsLifetimeIsOver() throws Exception {
        List<String> settings = new ArrayList<>(Nodes.aloneSettings(folder));
        // Listening shows life four seconds before the session would end for want of it.
        settings.addAll(List.of("sessions.idle-timeout=8s", "sessions.lifetime=18s"));
        PesanNode node = Nodes.of(settings);
        Nodes.await(node.start());
        try (Line listener = new Line(node.gatewayPort());
                Line sender = new Line(node.gatewayPort())) {
            long before = System.nanoTime();
            assertThat(listener.ask("auth henderson surabaya")).contains("OK");
            long after = System.nanoTime();
            assertThat(listener.ask("listen")).contains("Listening");
            assertThat(listener.hear())
                    .as("nothing else comes before the session ends")
                    .isEqualTo("{\"event\": \"closing\", \"reason\": \"session\"}");
            long end = System.nanoTime();
            assertThat(Duration.ofNanos(end - before)).isGreaterThan(Duration.ofMillis(17_900));
            assertThat(Duration.ofNanos(end - after)).isLessThan(LONGEST);
            assertThat(sender.ask("auth messi surabaya")).contains("OK");
            assertThat(sender.ask("send henderson hola")).contains("Message Sent");
        } finally {
            Nodes.await(node.stop());
        }
    }
}
