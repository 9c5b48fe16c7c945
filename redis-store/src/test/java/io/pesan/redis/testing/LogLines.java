package io.pesan.redis.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What one class logs at info and above while a test looks; nobody else sees it meanwhile. */
public final class LogLines implements AutoCloseable {

    /** A line with its keys. */
    public record Line(String level, String message, Map<String, String> keys) {}

    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            Stream<KeyValuePair> keys =
                    event.getKeyValuePairs() == null ? Stream.empty() : event.getKeyValuePairs().stream();
            lines.add(new Line(
                    event.getLevel().toString(),
                    event.getMessage(),
                    keys.collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)))));
        }
    };

    public LogLines(Class<?> of) {
        logger = (Logger) LoggerFactory.getLogger(of);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        appender.start();
    }

    /** In their order. */
    public List<Line> all() {
        return lines;
    }

    /** The messages alone. */
    public List<String> messages() {
        return lines.stream().map(Line::message).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(null);
        logger.setAdditive(true);
    }
}
