package io.pesan.node.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A scrape that was read back: Prometheus's text format, as far as a node writes it (no time stamps, no exemplars).
 *
 * @param all in the order in which they were written
 */
public record Samples(List<Sample> all) {

    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    /** One value of one series. */
    public record Sample(String name, Map<String, String> labels, double value) {

        /** A label's value; empty if it has no such label. */
        public String label(String name) {
            return labels.getOrDefault(name, "");
        }
    }

    /** What can't be understood is left out. */
    public static Samples parse(String text) {
        List<Sample> samples = new ArrayList<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                samples.add(new Sample(matcher.group(1), labels(matcher.group(2)), number(matcher.group(3))));
            }
        });
        return new Samples(samples);
    }

    private static Map<String, String> labels(@Nullable String text) {
        Map<String, String> labels = new HashMap<>();
        Matcher matcher = LABEL.matcher(text == null ? "" : text);
        while (matcher.find()) {
            labels.put(
                    matcher.group(1),
                    matcher.group(2).replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\"));
        }
        return labels;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** The series of one name. */
    public Stream<Sample> of(String name) {
        return all.stream().filter(sample -> sample.name().equals(name));
    }

    /** Sum over all series of one name. */
    public double sum(String name) {
        return sum(name, sample -> true);
    }

    /** Sum over some series of one name. */
    public double sum(String name, Predicate<Sample> which) {
        return of(name).filter(which).mapToDouble(Sample::value).sum();
    }

    /** Sum over the series of one name in which one label has this value. */
    public double sum(String name, String label, String value) {
        return sum(name, sample -> sample.label(label).equals(value));
    }
}
