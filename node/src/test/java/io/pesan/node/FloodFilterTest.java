package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pesan.contract.log.AuditMarker;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FloodFilterTest {

    private final AtomicLong now = new AtomicLong();
    private final FloodFilter filter = new FloodFilter(now::get);
    private final Logger logger = (Logger) LoggerFactory.getLogger(FloodFilterTest.class);
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();

    @BeforeEach
    void begin() {
        logger.setAdditive(false);
        logger.setLevel(Level.DEBUG);
        written.addFilter(filter);
        written.start();
        logger.addAppender(written);
    }

    @AfterEach
    void end() {
        logger.detachAppender(written);
    }

    @Test
    void letsTheFirstLinesOfAKindPassAndSumsUpTheRest() {
        for (int i = 0; i < 200; i++) {
            refuse("10.0.0." + (i % 10 == 0 ? 2 : 1) + ":" + (40_000 + i));
        }
        logger.atInfo().log("something else");
        assertThat(written.list).hasSize(FloodFilter.MOST_LINES + 1);

        filter.tell();
        assertThat(written.list).as("the window is not over").hasSize(FloodFilter.MOST_LINES + 1);
        now.addAndGet(FloodFilter.WINDOW_NANOS);
        filter.tell();

        ILoggingEvent summary = written.list.get(written.list.size() - 1);
        assertThat(summary.getMessage()).isEqualTo("lines of one kind were left out");
        assertThat(summary.getKeyValuePairs().stream().map(pair -> pair.key + "=" + pair.value))
                .containsExactly(
                        "kind=login refused", "lines=150", "hosts=2", "mostlyFrom=10.0.0.1", "mostlyLines=135");
    }

    @Test
    void sumsUpAWindowThatIsNotOverWhenTheProcessEnds() {
        for (int i = 0; i < FloodFilter.MOST_LINES + 3; i++) {
            refuse("10.0.0.1:1");
        }
        filter.tellAll();

        assertThat(written.list.get(written.list.size() - 1).getKeyValuePairs().toString())
                .contains("lines=\"3\"");
    }

    @Test
    void beginsAnewWhenAWindowIsOver() {
        for (int i = 0; i < FloodFilter.MOST_LINES; i++) {
            refuse("10.0.0.1:1");
        }
        now.addAndGet(FloodFilter.WINDOW_NANOS);
        refuse("10.0.0.1:1");

        assertThat(written.list).hasSize(FloodFilter.MOST_LINES + 1);
    }

    @Test
    void isNotFilledUpByLinesOfWhichNoTwoAreAlike() {
        for (int i = 0; i < 5_000; i++) {
            logger.atWarn().log("thread blocked for " + i + " ms");
        }
        now.addAndGet(FloodFilter.WINDOW_NANOS);
        filter.tell();
        // Twice: what was left out of the count that they shared begins a window of its own.
        now.addAndGet(FloodFilter.WINDOW_NANOS);
        filter.tell();
        written.list.clear();

        for (int i = 0; i < 2 * FloodFilter.MOST_LINES; i++) {
            logger.atWarn().log("one kind");
            logger.atWarn().log("another kind");
        }
        assertThat(written.list).hasSize(2 * FloodFilter.MOST_LINES);
    }

    @Test
    void leavesDebugAlone() {
        List.of(1, 2, 3).forEach(i -> {
            for (int line = 0; line < FloodFilter.MOST_LINES; line++) {
                logger.atDebug().log("in detail");
            }
        });

        assertThat(written.list).hasSize(3 * FloodFilter.MOST_LINES);
    }

    @Test
    void leavesOutNothingThatWasDone() {
        for (int i = 0; i < 3 * FloodFilter.MOST_LINES; i++) {
            logger.atInfo().addMarker(AuditMarker.DONE).log("login");
        }

        assertThat(written.list).hasSize(3 * FloodFilter.MOST_LINES);
    }

    private void refuse(String address) {
        logger.atInfo().addKeyValue("address", address).log("login refused");
    }
}
