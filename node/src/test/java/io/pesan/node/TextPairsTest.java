package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class TextPairsTest {

    private static String line(KeyValuePair... pairs) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event = new LoggingEvent(
                TextPairsTest.class.getName(),
                context.getLogger("io.pesan.node.Node"),
                Level.INFO,
                "administration refused",
                null,
                null);
        for (KeyValuePair pair : pairs) {
            event.addKeyValuePair(pair);
        }
        return new String(ConsoleLogging.text(context).encode(event), StandardCharsets.UTF_8)
                .replaceFirst("^[0-9:.]+ ", "");
    }

    @Test
    void showsKeysAndValues() {
        assertThat(line(new KeyValuePair("path", "/admin/v1/users"), new KeyValuePair("status", 401)))
                .isEqualTo("INFO  administration refused path=\"/admin/v1/users\" status=\"401\"  [Node]\n");
        assertThat(line()).isEqualTo("INFO  administration refused   [Node]\n");
        assertThat(line(new KeyValuePair("reason", null)))
                .isEqualTo("INFO  administration refused reason=\"null\"  [Node]\n");
    }

    @Test
    void aTerminalObeysNoValue() {
        assertThat(line(new KeyValuePair("path", "/admin/\u001b[2J\u0007\u009b1m\u202e\nERROR")))
                .isEqualTo("INFO  administration refused path=\"/admin/<U+001B>[2J<U+0007><U+009B>1m<U+202E>"
                        + "<U+000A>ERROR\"  [Node]\n");
    }

    @Test
    void noValueLooksLikeAnotherKey() {
        assertThat(line(new KeyValuePair("path", "/admin/\" status=\"200\" x=\"\\")))
                .isEqualTo("INFO  administration refused path=\"/admin/\\\" status=\\\"200\\\" x=\\\"\\\\\"  [Node]\n");
    }
}
