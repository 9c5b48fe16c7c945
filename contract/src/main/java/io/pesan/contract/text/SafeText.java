package io.pesan.contract.text;

/**
 * Makes text of others fit to be shown, in a conversation, a list or a log. A terminal obeys control characters, so a message could move the cursor, change
 * the window's title or worse; and characters that reorder what stands beside them could make one sender look like
 * another. Each such character is shown as its code point, as in {@code <U+001B>}.
 */
public final class SafeText {

    private SafeText() {}

    /** The same text if all of it is harmless. */
    public static String of(String text) {
        if (text.codePoints().allMatch(SafeText::isHarmless)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (isHarmless(c)) {
                safe.appendCodePoint(c);
            } else {
                safe.append(String.format("<U+%04X>", c));
            }
        });
        return safe.toString();
    }

    private static boolean isHarmless(int c) {
        return !Character.isISOControl(c) && !reorders(c) && !breaksLine(c) && !isHalf(c);
    }

    /** Bidirectional marks, embeddings, overrides and isolates (Unicode Standard Annex 9, section 2). */
    private static boolean reorders(int c) {
        return c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }

    private static boolean breaksLine(int c) {
        return c == 0x2028 || c == 0x2029;
    }

    /** A surrogate without its other half. */
    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
