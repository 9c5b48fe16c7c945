package io.pesan.bench;

/** What the generated messages say. */
final class TextOption {

    static final int DEFAULT_BYTES = 100;
    /** A line of 64 KiB less the longest command, token and recipient. */
    private static final int MAX_BYTES = 65_000;

    private TextOption() {}

    /** A text of this length, without anything that would have to be escaped. */
    static String text(int bytes) {
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new BenchException("--text-bytes must be 1 to " + MAX_BYTES);
        }
        return "x".repeat(bytes);
    }
}
