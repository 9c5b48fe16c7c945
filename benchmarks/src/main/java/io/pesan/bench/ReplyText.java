package io.pesan.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads as much of a reply as a load generator needs, without a JSON parser: a parser would cost more than all the rest.
 * It relies on the protocol's fixed order of keys and separators.
 */
final class ReplyText {

    private static final byte[] OK = "{\"status\": \"OK\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "{\"event\": ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_MESSAGES =
            "{\"status\": \"OK\", \"messages\": {}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = "{\"msg_from\": \"".getBytes(StandardCharsets.US_ASCII);
    /** How much of a reply is looked at for a value. */
    private static final int HEAD_BYTES = 1024;

    private ReplyText() {}

    static boolean isOk(byte[] bytes, int from, int to) {
        return startsWith(OK, bytes, from, to);
    }

    /** Whether this is no reply but something that the server sent by itself. */
    static boolean isEvent(byte[] bytes, int from, int to) {
        return startsWith(EVENT, bytes, from, to);
    }

    /** Whether this is an {@code inbox} reply without messages. */
    static boolean isEmptyInbox(byte[] bytes, int from, int to) {
        return startsWith(NO_MESSAGES, bytes, from, to);
    }

    /** How many messages an {@code inbox} reply carries. A text can't pretend: its quotation marks are escaped. */
    static int messages(byte[] bytes, int from, int to) {
        int count = 0;
        for (int at = from; at <= to - MESSAGE.length; at++) {
            if (bytes[at] == '{' && startsWith(MESSAGE, bytes, at, to)) {
                count++;
                at += MESSAGE.length - 1;
            }
        }
        return count;
    }

    /** The error's code, or {@code PROTOCOL_VIOLATION} for what isn't a reply of the protocol. */
    static String code(byte[] bytes, int from, int to) {
        String code = value("code", bytes, from, to);
        return code == null ? "PROTOCOL_VIOLATION" : code;
    }

    /** A text without escapes that stands under a key near the beginning, or null. */
    static @Nullable String value(String key, byte[] bytes, int from, int to) {
        String before = "\"" + key + "\": \"";
        String head = head(bytes, from, to);
        int start = head.indexOf(before);
        int end = start < 0 ? -1 : head.indexOf('"', start + before.length());
        return end < 0 ? null : head.substring(start + before.length(), end);
    }

    /** {@code retry_after_ms}, or 0. */
    static long retryAfterMillis(byte[] bytes, int from, int to) {
        String before = "\"retry_after_ms\": ";
        String head = head(bytes, from, to);
        int start = head.indexOf(before);
        long millis = 0;
        for (int i = start + before.length(); start >= 0 && i < head.length() && isDigit(head.charAt(i)); i++) {
            millis = Math.min(millis * 10 + (head.charAt(i) - '0'), Integer.MAX_VALUE);
        }
        return millis;
    }

    private static String head(byte[] bytes, int from, int to) {
        return new String(bytes, from, Math.min(to - from, HEAD_BYTES), StandardCharsets.US_ASCII);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean startsWith(byte[] prefix, byte[] bytes, int from, int to) {
        return to - from >= prefix.length && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
    }
}
