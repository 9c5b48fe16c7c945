package io.pesan.node.config;

import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration.
 *
 * @param name as in YAML, with dots
 * @param type how its text is read
 * @param fallback the default as text; null: computed at the start, as {@code documentation} says
 * @param documentation one line for the operator
 * @param secret whether its value is never shown; a secret has a twin {@code <name>-file} that names a file to read
 * @param feature what this release does with values that ask for more than it has
 */
public record ConfigKey<T>(
        String name,
        ValueType<T> type,
        @Nullable String fallback,
        String documentation,
        boolean secret,
        Feature<T> feature) {

    /**
     * How far the key's feature is built.
     *
     * @param isMissingFor which values ask for something that this release does not have
     * @param refuse whether to run without it would be unsafe, so that such a value stops the start
     */
    record Feature<T>(Predicate<T> isMissingFor, boolean refuse) {

        static <T> Feature<T> built() {
            return new Feature<>(value -> false, false);
        }
    }

    static <T> ConfigKey<T> of(String name, ValueType<T> type, @Nullable String fallback, String documentation) {
        return new ConfigKey<>(name, type, fallback, documentation, false, Feature.built());
    }

    static ConfigKey<String> secret(String name, String documentation) {
        return new ConfigKey<>(name, ValueType.text(), "", documentation, true, Feature.built());
    }

    /** The feature is still to come; the start says so if such a value is set, and goes on without it. */
    ConfigKey<T> warnedFor(Predicate<T> values) {
        return new ConfigKey<>(name, type, fallback, documentation, secret, new Feature<>(values, false));
    }

    /** The feature is still to come, and who asked for it must not run without it. */
    ConfigKey<T> refusedFor(Predicate<T> values) {
        return new ConfigKey<>(name, type, fallback, documentation, secret, new Feature<>(values, true));
    }

    /** The twin that names a file holding the secret, such as a mounted one. */
    String fileTwin() {
        return name + "-file";
    }

    /** {@code PESAN_GATEWAY_MAX_LINE_BYTES} for {@code gateway.max-line-bytes}. */
    static String environmentName(String name) {
        return "PESAN_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    @Override
    public String toString() {
        return name;
    }
}
