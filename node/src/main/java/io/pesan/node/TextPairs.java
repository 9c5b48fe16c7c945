package io.pesan.node;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.pesan.contract.text.SafeText;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.slf4j.event.KeyValuePair;

/**
 * An event's keys and values in a line for a person: {@code path="/admin/v1/users" status="401"}. Values may come from
 * anybody. So a quotation mark or backslash in one has a backslash before it, and what a terminal would obey, or begin a line
 * with, is shown as a code point: no value ends before its quotation mark does. Messages are constants.
 */
final class TextPairs extends ClassicConverter {

    @Override
    public String convert(ILoggingEvent event) {
        List<KeyValuePair> pairs = Objects.requireNonNullElse(event.getKeyValuePairs(), List.of());
        return pairs.stream().map(TextPairs::text).collect(Collectors.joining(" "));
    }

    private static String text(KeyValuePair pair) {
        String value = String.valueOf(pair.value).replace("\\", "\\\\").replace("\"", "\\\"");
        return pair.key + "=\"" + SafeText.of(value) + "\"";
    }
}
