package io.pesan.contract.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes replies as the deployed clients read them: one JSON object on one line, keys in the order written, the
 * separators {@code ", "} and {@code ": "}, nothing but ASCII (those clients decode each 64-byte read by itself), then
 * {@code \r\n\r\n}. Any number of replies may be written one after the other and taken at once.
 *
 * <p>Keys are written as they are: they must be ASCII without anything to escape. Values are escaped.
 */
public final class ReplyBuffer {

    private static final byte[] OK = ascii("{\"status\": \"OK\"");
    private static final byte[] ERROR = ascii("{\"status\": \"ERROR\"");
    private static final byte[] SEPARATOR = ascii(", ");
    private static final byte[] END = ascii("}\r\n\r\n");
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] NOTHING = new byte[0];
    private static final int FIRST_ALLOCATION = 512;
    /** Of the memory that it took, what it keeps for the next replies: connections are many. */
    private static final int MOST_KEPT = 16 << 10;

    /** Longest escape of one UTF-16 unit, as in {@code \}{@code u00e9}. */
    private static final int LONGEST_ESCAPE = 6;

    private byte[] bytes = NOTHING;
    private int length;
    /** Whether a separator is due before the next member or element. */
    private boolean separate;

    /** Begins a reply that says OK. */
    public ReplyBuffer ok() {
        put(OK);
        separate = true;
        return this;
    }

    /** Begins a reply, or an event, without a status. */
    public ReplyBuffer open() {
        put('{');
        separate = false;
        return this;
    }

    /**
     * Writes a whole error reply.
     *
     * @param send whether it answers a {@code send}, which has a text of its own for a missing session
     * @param retryAfterMillis when to try again, or 0
     */
    public void error(ErrorCode code, boolean send, long retryAfterMillis, @Nullable String tag) {
        put(ERROR);
        separate = true;
        text("message", send ? code.textForSend() : code.text());
        text("code", code.name());
        if (retryAfterMillis > 0) {
            number("retry_after_ms", retryAfterMillis);
        }
        close(tag);
    }

    /** Ends the reply; the tag, if there is one, comes last. */
    public void close(@Nullable String tag) {
        if (tag != null) {
            text("tag", tag);
        }
        put(END);
    }

    public ReplyBuffer text(String key, String value) {
        key(key);
        string(value);
        return this;
    }

    public ReplyBuffer number(String key, long value) {
        key(key);
        put(ascii(Long.toString(value)));
        return this;
    }

    public ReplyBuffer bool(String key, boolean value) {
        key(key);
        put(ascii(Boolean.toString(value)));
        return this;
    }

    /** Begins an object as a member. */
    public ReplyBuffer openObject(String key) {
        key(key);
        put('{');
        separate = false;
        return this;
    }

    /** Begins an object as an element of an array. */
    public ReplyBuffer openObject() {
        separate();
        put('{');
        separate = false;
        return this;
    }

    public ReplyBuffer closeObject() {
        put('}');
        separate = true;
        return this;
    }

    /** Begins an array as a member. */
    public ReplyBuffer openArray(String key) {
        key(key);
        put('[');
        separate = false;
        return this;
    }

    public ReplyBuffer closeArray() {
        put(']');
        separate = true;
        return this;
    }

    /** Writes a string as an element of an array. */
    public ReplyBuffer element(String value) {
        separate();
        string(value);
        return this;
    }

    /** Bytes written since the last {@link #take}. */
    public int length() {
        return length;
    }

    /** Hands over what was written; the buffer is empty afterwards and may be used again. */
    public byte[] take() {
        byte[] taken = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        if (taken == bytes || bytes.length > MOST_KEPT) {
            bytes = NOTHING;
        }
        length = 0;
        separate = false;
        return taken;
    }

    /** Takes no memory until it is written to again. Does nothing to what was written and not taken. */
    public void shrink() {
        if (length == 0) {
            bytes = NOTHING;
        }
    }

    /** How many bytes a value takes in a reply, its quotes not counted. */
    public static int encodedLength(String value) {
        int encoded = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isPlain(c)) {
                encoded++;
            } else {
                encoded += isShortEscape(c) ? 2 : LONGEST_ESCAPE;
            }
        }
        return encoded;
    }

    private void key(String key) {
        separate();
        put('"');
        put(ascii(key));
        put('"');
        put(':');
        put(' ');
    }

    private void separate() {
        if (separate) {
            put(SEPARATOR);
        }
        separate = true;
    }

    private void string(String value) {
        int valueLength = value.length();
        ensure(2 + valueLength * LONGEST_ESCAPE);
        byte[] out = bytes;
        int at = length;
        out[at++] = '"';
        for (int i = 0; i < valueLength; i++) {
            char c = value.charAt(i);
            if (isPlain(c)) {
                out[at++] = (byte) c;
            } else {
                at = escape(out, at, c);
            }
        }
        out[at++] = '"';
        length = at;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }

    private static boolean isShortEscape(char c) {
        return c == '"' || c == '\\' || c == '\t' || c == '\n' || c == '\r';
    }

    private static int escape(byte[] out, int position, char c) {
        int at = position;
        out[at++] = '\\';
        switch (c) {
            case '"', '\\' -> out[at++] = (byte) c;
            case '\t' -> out[at++] = 't';
            case '\n' -> out[at++] = 'n';
            case '\r' -> out[at++] = 'r';
            default -> {
                out[at++] = 'u';
                out[at++] = HEX[c >> 12];
                out[at++] = HEX[c >> 8 & 0xf];
                out[at++] = HEX[c >> 4 & 0xf];
                out[at++] = HEX[c & 0xf];
            }
        }
        return at;
    }

    private void put(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
    }

    private void put(byte[] ascii) {
        ensure(ascii.length);
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(FIRST_ALLOCATION, Math.max(bytes.length * 2, length + more)));
        }
    }

    private static byte[] ascii(String value) {
        return value.getBytes(StandardCharsets.US_ASCII);
    }
}
