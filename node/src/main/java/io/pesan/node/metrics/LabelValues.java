package io.pesan.node.metrics;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Values of a label that are the constants of an enum, in lower case: all are there from the start. */
final class LabelValues {

    private LabelValues() {}

    static <E extends Enum<E>, P> EnumMap<E, P> of(Class<E> type, Function<String, P> part) {
        EnumMap<E, P> parts = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            parts.put(constant, part.apply(constant.name().toLowerCase(Locale.ROOT)));
        }
        return parts;
    }

    static <E extends Enum<E>, P> P get(Map<E, P> parts, E constant) {
        return Objects.requireNonNull(parts.get(constant));
    }
}
