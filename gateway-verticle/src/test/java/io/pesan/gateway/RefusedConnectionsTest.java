package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What the operator hears of connections that were turned away. */
class RefusedConnectionsTest {

    private static final long SECOND = 1_000_000_000L;

    private final Logger logger = (Logger) LoggerFactory.getLogger(RefusedConnections.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final RefusedConnections refused = new RefusedConnections("too many");
    private final long now = System.nanoTime();

    @BeforeEach
    void listen() {
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    private List<Object> refusedPerLine() {
        return log.list.stream()
                .map(event -> event.getKeyValuePairs().stream()
                        .filter(pair -> pair.key.equals("refused"))
                        .map((KeyValuePair pair) -> pair.value)
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    @Test
    void areToldInOneLineInTenSecondsWithTheirNumber() {
        refused.tell(now);
        assertThat(refusedPerLine()).isEmpty();
        for (int i = 0; i < 1_000; i++) {
            refused.refused(now + i);
        }
        assertThat(refusedPerLine()).containsExactly(1);
        refused.tell(now + 10 * SECOND - 1);
        assertThat(refusedPerLine()).hasSize(1);
        // Also if no more come.
        refused.tell(now + 10 * SECOND);
        assertThat(refusedPerLine()).containsExactly(1, 999);
        refused.tell(now + 30 * SECOND);
        assertThat(refusedPerLine()).hasSize(2);
        refused.refused(now + 31 * SECOND);
        assertThat(refusedPerLine()).containsExactly(1, 999, 1);
    }
}
