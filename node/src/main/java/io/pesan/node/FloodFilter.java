package io.pesan.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.pesan.contract.log.AuditMarker;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Lets {@value #MOST_LINES} lines of one kind pass in ten seconds, counts the rest, and tells at the end how many they were
 * and which client's host was behind most. Of one kind are the lines of one logger with one message: what differs between
 * them is in their keys. At debug and below everything passes: who sets that level wants to see it. So does what was done and is to be
 * found afterwards ({@link AuditMarker}): that is ordinary work, of which many a line comes at once after an outage.
 */
final class FloodFilter extends Filter<ILoggingEvent> {

    static final int MOST_LINES = 50;
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Kinds within one window, beyond which they share one count. Our messages are constants, but not those of libraries. */
    private static final int MOST_KINDS = 1_000;
    /** Hosts counted of one flood. */
    private static final int MOST_HOSTS = 1_000;

    private static final String ADDRESS = "address";
    private static final String SUMMARY = "lines of one kind were left out";

    private record Kind(String logger, String message) {}

    private static final class Window {
        long beganNanos;
        int passed;
        long leftOut;
        final Map<String, Integer> hosts = new HashMap<>();

        void begin(long nowNanos) {
            beganNanos = nowNanos;
            passed = 0;
            leftOut = 0;
            hosts.clear();
        }
    }

    private final LongSupplier nanoTime;
    private final Map<Kind, Window> windows = new HashMap<>();

    FloodFilter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        List<Marker> markers = event.getMarkerList();
        if (!event.getLevel().isGreaterOrEqual(Level.INFO)
                || SUMMARY.equals(event.getMessage())
                || (markers != null && markers.contains(AuditMarker.DONE))) {
            return FilterReply.NEUTRAL;
        }
        return count(event) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private synchronized boolean count(ILoggingEvent event) {
        Kind kind = new Kind(event.getLoggerName(), String.valueOf(event.getMessage()));
        if (windows.size() >= MOST_KINDS && !windows.containsKey(kind)) {
            kind = new Kind("", "");
        }
        long now = nanoTime.getAsLong();
        Window window = windows.computeIfAbsent(kind, unseen -> {
            Window first = new Window();
            first.begin(now);
            return first;
        });
        // One in which lines were left out is ended by the summary.
        if (now - window.beganNanos >= WINDOW_NANOS && window.leftOut == 0) {
            window.begin(now);
        }
        if (window.passed < MOST_LINES) {
            window.passed++;
            return true;
        }
        window.leftOut++;
        String host = host(event);
        if (host != null && (window.hosts.size() < MOST_HOSTS || window.hosts.containsKey(host))) {
            window.hosts.merge(host, 1, Integer::sum);
        }
        return false;
    }

    /** Looks at the clock: tells what was left out in windows that are over. To be called every few seconds. */
    void tell() {
        tell(WINDOW_NANOS);
    }

    /** Tells what was left out until now: the process is about to end. */
    void tellAll() {
        tell(0);
    }

    private void tell(long age) {
        Map<Kind, Window> over = new HashMap<>();
        synchronized (this) {
            long now = nanoTime.getAsLong();
            windows.values().removeIf(window -> window.leftOut == 0 && now - window.beganNanos >= WINDOW_NANOS);
            windows.forEach((kind, window) -> {
                if (window.leftOut > 0 && now - window.beganNanos >= age) {
                    Window copy = new Window();
                    copy.leftOut = window.leftOut;
                    copy.hosts.putAll(window.hosts);
                    over.put(kind, copy);
                    window.begin(now);
                }
            });
        }
        over.forEach(FloodFilter::summarise);
    }

    private static void summarise(Kind kind, Window window) {
        Logger logger = (Logger) LoggerFactory.getLogger(kind.logger());
        LoggingEventBuilder line =
                logger.atWarn().addKeyValue("kind", kind.message()).addKeyValue("lines", window.leftOut);
        if (!window.hosts.isEmpty()) {
            Map.Entry<String, Integer> most = Collections.max(window.hosts.entrySet(), Map.Entry.comparingByValue());
            line = line.addKeyValue("hosts", window.hosts.size())
                    .addKeyValue("mostlyFrom", most.getKey())
                    .addKeyValue("mostlyLines", most.getValue());
        }
        line.log(SUMMARY);
    }

    private static @Nullable String host(ILoggingEvent event) {
        if (event.getKeyValuePairs() == null) {
            return null;
        }
        for (KeyValuePair pair : event.getKeyValuePairs()) {
            if (pair.key.equals(ADDRESS)) {
                return String.valueOf(pair.value).replaceFirst(":\\d+$", "");
            }
        }
        return null;
    }
}
