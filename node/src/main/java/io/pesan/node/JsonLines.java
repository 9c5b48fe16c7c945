package io.pesan.node;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One JSON object a line: {@code timestamp} (RFC 3339, UTC), {@code level}, {@code logger}, {@code message}, the event's own
 * keys beside them, and {@code exception} with its stack trace if there is one.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final byte[] NOTHING = {};
    private final String nodeId;

    /** @param nodeId on each line, as {@code nodeId}; empty: on none */
    JsonLines(String nodeId) {
        this.nodeId = nodeId;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonObject line = new JsonObject()
                .put("timestamp", Instant.ofEpochMilli(event.getTimeStamp()).toString())
                .put("level", String.valueOf(event.getLevel()))
                .put("logger", event.getLoggerName())
                .put("message", event.getFormattedMessage());
        if (!nodeId.isEmpty()) {
            line.put("nodeId", nodeId);
        }
        List<KeyValuePair> pairs = Objects.requireNonNullElse(event.getKeyValuePairs(), List.of());
        for (KeyValuePair pair : pairs) {
            // What every line has is not to be replaced.
            if (!line.containsKey(pair.key)) {
                line.put(pair.key, plain(pair.value));
            }
        }
        IThrowableProxy exception = event.getThrowableProxy();
        if (exception != null) {
            line.put("exception", ThrowableProxyUtil.asString(exception));
        }
        return line.toBuffer().appendString("\n").getBytes();
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
