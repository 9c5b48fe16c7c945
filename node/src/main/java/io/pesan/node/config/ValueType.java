package io.pesan.node.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text of a value is read. Every source delivers text; a YAML list arrives joined by commas.
 *
 * @param expected what a good value looks like, for error messages: "must be {expected}"
 * @param isList whether YAML writes it as a list
 * @param isText whether YAML must quote what looks like another type
 * @param reader throws {@link IllegalArgumentException} for a bad value
 */
record ValueType<T>(String expected, boolean isList, boolean isText, Function<String, T> reader) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,10}");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(B|KiB|MiB|GiB)?");
    /** Longer than any time-out makes sense, short enough for every sum of milliseconds. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    T read(String text) {
        return reader.apply(text);
    }

    static ValueType<String> text() {
        return new ValueType<>("text", false, true, text -> text);
    }

    /** Part of an address of the bus, and of what is stored in lists. */
    static ValueType<String> name() {
        return new ValueType<>("1 to 253 of A-Z a-z 0-9 . _ -", false, true, text -> {
            require(NAME.matcher(text).matches());
            return text;
        });
    }

    static ValueType<String> nonEmptyText() {
        return new ValueType<>("text, not empty", false, true, text -> {
            require(!text.isBlank());
            return text;
        });
    }

    static ValueType<Boolean> bool() {
        return new ValueType<>("true or false", false, false, text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw new IllegalArgumentException(text);
        });
    }

    static ValueType<Integer> integer(int min, int max) {
        return new ValueType<>("a whole number from " + min + " to " + max, false, false, text -> {
            // The platform would take any script's digits.
            require(INTEGER.matcher(text).matches());
            int value = Integer.parseInt(text);
            require(value >= min && value <= max);
            return value;
        });
    }

    static ValueType<Integer> port() {
        return new ValueType<>("a port from 0 (any free one) to 65535", false, false, integer(0, 65535)::read);
    }

    /** A number of bytes. */
    static ValueType<Long> size(long min, long max) {
        String expected = "a size such as 64KiB, from " + min + " to " + max + " bytes";
        return new ValueType<>(expected, false, false, text -> {
            Matcher parts = SIZE.matcher(text);
            require(parts.matches());
            String unit = parts.group(2) == null ? "B" : parts.group(2);
            int shift = switch (unit) {
                case "KiB" -> 10;
                case "MiB" -> 20;
                case "GiB" -> 30;
                default -> 0;
            };
            long value = Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << shift);
            require(value >= min && value <= max);
            return value;
        });
    }

    /** A length of time; 0, with or without a unit, is {@link Duration#ZERO}. */
    static ValueType<Duration> duration() {
        String expected = "a duration such as 500ms, 10s, 5m, 24h or 30d (at most 3650d), or 0";
        return new ValueType<>(expected, false, false, text -> {
            if (text.equals("0")) {
                return Duration.ZERO;
            }
            Matcher parts = DURATION.matcher(text);
            require(parts.matches());
            long amount = Long.parseLong(parts.group(1));
            Duration value = switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
            require(value.compareTo(LONGEST) <= 0);
            return value;
        });
    }

    static ValueType<String> choice(String... choices) {
        List<String> allowed = List.of(choices);
        return new ValueType<>("one of " + String.join(", ", allowed), false, true, text -> {
            require(allowed.contains(text));
            return text;
        });
    }

    static ValueType<List<String>> list() {
        return new ValueType<>("a list", true, true, ValueType::split);
    }

    /** A list of at least one of the choices, none twice. */
    static ValueType<List<String>> choices(String... choices) {
        List<String> allowed = List.of(choices);
        return new ValueType<>("a list of " + String.join(", ", allowed), true, true, text -> {
            List<String> values = split(text);
            require(!values.isEmpty() && allowed.containsAll(values));
            require(values.stream().distinct().count() == values.size());
            return values;
        });
    }

    static List<String> split(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static void require(boolean good) {
        if (!good) {
            throw new IllegalArgumentException();
        }
    }
}
