package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {

    private static LoggingEvent event(String message, @Nullable Throwable failure) {
        LoggingEvent event = new LoggingEvent(
                JsonLinesTest.class.getName(),
                new LoggerContext().getLogger("io.pesan.node.Node"),
                Level.WARN,
                message,
                failure,
                null);
        event.setTimeStamp(1_600_000_000_123L);
        return event;
    }

    private static String encode(LoggingEvent event) {
        return new String(new JsonLines("").encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void writesWhatHappenedAndNothingElse() {
        LoggingEvent event = event("lost \"it\"\nall", null);
        event.addKeyValuePair(new KeyValuePair("server", "redis:6379"));
        event.addKeyValuePair(new KeyValuePair("status", 7));
        event.addKeyValuePair(new KeyValuePair("nothing", null));
        event.addKeyValuePair(new KeyValuePair("level", "forged"));

        assertThat(encode(event))
                .isEqualTo("{\"timestamp\":\"2020-09-13T12:26:40.123Z\",\"level\":\"WARN\","
                        + "\"logger\":\"io.pesan.node.Node\",\"message\":\"lost \\\"it\\\"\\nall\","
                        + "\"server\":\"redis:6379\",\"status\":7,\"nothing\":null}\n");
    }

    @Test
    void writesAnExceptionIntoTheSameLine() {
        String line = encode(event("bug", new IllegalStateException("why")));

        assertThat(line).endsWith("}\n");
        assertThat(line.strip()).doesNotContain("\n");
        assertThat(new JsonObject(line).getString("exception"))
                .startsWith("java.lang.IllegalStateException: why")
                .contains("JsonLinesTest");
    }
}
