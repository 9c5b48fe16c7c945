package io.pesan.node.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What may stand where a key's name stands. */
final class KeyNames {

    /** A name with more typing errors than this is another name. */
    private static final int FARTHEST_SUGGESTION = 6;

    private KeyNames() {}

    /** Every key's name, and the twins of secrets. */
    static List<String> all() {
        List<String> names = new ArrayList<>();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            names.add(key.name());
            if (key.secret()) {
                names.add(key.fileTwin());
            }
        }
        return names;
    }

    /** "{name} {complaint}; did you mean {the nearest known one}?". */
    static String unknown(String complaint, String name, Collection<String> known) {
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .orElseThrow();
        String suggestion = distance(name, nearest) <= FARTHEST_SUGGESTION ? "; did you mean " + nearest + "?" : "";
        return name + " " + complaint + suggestion;
    }

    /** Levenshtein's: insertions, deletions and replacements of single characters. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
