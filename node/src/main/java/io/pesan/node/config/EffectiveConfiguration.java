package io.pesan.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The configuration that holds, as YAML that can be fed back in. Secrets are masked. */
public final class EffectiveConfiguration {

    /** Stands for a secret that is set. */
    static final String MASK = "********";

    private static final Pattern PASSWORD_IN_URL = Pattern.compile("(//[^:/@]*:)[^@]*@");
    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z./][A-Za-z0-9._/-]*");
    private static final Pattern READS_AS_ANOTHER_TYPE =
            Pattern.compile("(?i)true|false|null|yes|no|on|off|~|\\.inf|\\.nan");
    private static final int COMMENT_COLUMN = 56;

    private EffectiveConfiguration() {}

    /** Each key on a line of its own, with its origin as a comment. */
    public static String print(Configuration configuration) {
        StringBuilder yaml = new StringBuilder();
        List<String> open = List.of();
        for (Configuration.Value<?> value : configuration.values()) {
            List<String> path = List.of(value.setting().name().split("\\."));
            List<String> sections = path.subList(0, path.size() - 1);
            openSections(yaml, open, sections);
            open = sections;
            String line = "  ".repeat(sections.size()) + path.get(path.size() - 1) + ": " + scalar(value);
            yaml.append(line)
                    .append(" ".repeat(Math.max(2, COMMENT_COLUMN - line.length())))
                    .append("# ")
                    .append(value.setting().origin())
                    .append('\n');
        }
        return yaml.toString();
    }

    private static void openSections(StringBuilder yaml, List<String> open, List<String> wanted) {
        int common = 0;
        while (common < open.size()
                && common < wanted.size()
                && open.get(common).equals(wanted.get(common))) {
            common++;
        }
        for (int depth = common; depth < wanted.size(); depth++) {
            yaml.append("  ".repeat(depth)).append(wanted.get(depth)).append(":\n");
        }
    }

    private static String scalar(Configuration.Value<?> value) {
        String text = value.setting().text();
        if (!value.setting().name().equals(value.key().name())) {
            return quote(text);
        } else if (value.key().secret()) {
            return quote(text.isEmpty() ? "" : MASK);
        } else if (value.key().type().isList()) {
            return ValueType.split(text).stream()
                    .map(EffectiveConfiguration::quoteIfNeeded)
                    .collect(Collectors.joining(", ", "[", "]"));
        } else if (value.key().equals(ConfigKeys.REDIS_URL)) {
            return quote(PASSWORD_IN_URL.matcher(text).replaceFirst("$1" + MASK + "@"));
        }
        return value.key().type().isText() ? quoteIfNeeded(text) : text;
    }

    private static String quoteIfNeeded(String text) {
        boolean plain = NEEDS_NO_QUOTES.matcher(text).matches()
                && !READS_AS_ANOTHER_TYPE.matcher(text).matches();
        return plain ? text : quote(text);
    }

    private static String quote(String text) {
        List<String> escaped = new ArrayList<>();
        text.codePoints()
                .forEach(c -> escaped.add(
                        switch (c) {
                            case '"' -> "\\\"";
                            case '\\' -> "\\\\";
                            default -> Character.isISOControl(c) ? String.format("\\x%02x", c) : Character.toString(c);
                        }));
        return '"' + String.join("", escaped) + '"';
    }
}
