package io.pesan.contract.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request: an optional tag, the command's word, and its arguments, which the command takes off one by one.
 *
 * <p>Words are separated by one or more spaces. A line that isn't strict UTF-8, or contains a C0 or C1 control character
 * other than tab, has the fault {@link ErrorCode#BAD_ENCODING}; a first word that begins with {@code @} and is no tag
 * makes it {@link ErrorCode#ARGUMENTS_WRONG}. A faulty line still has its tag, if that much of it could be read.
 */
public final class RequestLine {

    /** Longest tag, in characters, the {@code @} not counted. */
    public static final int MAX_TAG_LENGTH = 64;

    private final String line;
    private final @Nullable String tag;
    private final @Nullable ErrorCode fault;
    private final String command;
    private int position;

    private RequestLine(String line, @Nullable ErrorCode encodingFault) {
        this.line = line;
        ErrorCode found = encodingFault;
        String foundTag = null;
        if (!line.isEmpty() && line.charAt(0) == '@') {
            String word = next();
            if (isTag(word, 1)) {
                foundTag = word.substring(1);
            } else if (found == null) {
                found = ErrorCode.ARGUMENTS_WRONG;
            }
        }
        this.tag = foundTag;
        this.fault = found;
        this.command = found == null ? next() : "";
    }

    /** Reads a trimmed line, as {@link LineFramer} gives it. */
    public static RequestLine parse(byte[] bytes, int from, int to) {
        boolean ascii = true;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b < 0) {
                ascii = false;
            } else if (b < ' ' && b != '\t') {
                return unreadable(bytes, from, to);
            }
        }
        if (ascii) {
            return new RequestLine(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1), null);
        }
        String line = decodeUtf8(bytes, from, to);
        return line == null || line.chars().anyMatch(RequestLine::isC1Control)
                ? unreadable(bytes, from, to)
                : new RequestLine(line, null);
    }

    /** What can be said of a line of which only the beginning is known, because it is too long. */
    public static RequestLine tooLong(byte[] bytes, int from, int to) {
        String word = firstWord(bytes, from, to);
        // A word that reaches the end of what is known may be the beginning of another.
        return new RequestLine(word.length() == to - from ? "" : word, ErrorCode.LINE_TOO_LONG);
    }

    private static RequestLine unreadable(byte[] bytes, int from, int to) {
        return new RequestLine(firstWord(bytes, from, to), ErrorCode.BAD_ENCODING);
    }

    private static String firstWord(byte[] bytes, int from, int to) {
        int end = from;
        // Longer than any tag is enough to see that it is none.
        int limit = Math.min(to, from + MAX_TAG_LENGTH + 2);
        while (end < limit && bytes[end] != ' ') {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static @Nullable String decodeUtf8(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }

    private static boolean isC1Control(int c) {
        return c >= 0x80 && c <= 0x9f;
    }

    private static boolean isTag(String word, int from) {
        int length = word.length() - from;
        if (length < 1 || length > MAX_TAG_LENGTH) {
            return false;
        }
        for (int i = from; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == ':'
                    || c == '-';
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Whether a client may use this as a tag: 1 to 64 of {@code A-Z a-z 0-9 . _ : -}. */
    public static boolean isTag(String value) {
        return isTag(value, 0);
    }

    /** Why the line can't be read as a request, or null. */
    public @Nullable ErrorCode fault() {
        return fault;
    }

    /** The tag without its {@code @}, or null. */
    public @Nullable String tag() {
        return tag;
    }

    /** The command's word; empty if the line is faulty or has nothing but a tag. */
    public String command() {
        return command;
    }

    /** Whether another argument follows. */
    public boolean hasNext() {
        skipSpaces();
        return position < line.length();
    }

    /** Takes the next argument off; empty if there is none. */
    public String next() {
        skipSpaces();
        int start = position;
        int end = line.indexOf(' ', start);
        position = end < 0 ? line.length() : end;
        return line.substring(start, position);
    }

    /** The next argument, which stays; empty if there is none. */
    public String peek() {
        int before = position;
        String word = next();
        position = before;
        return word;
    }

    /** Takes everything that is left off, inner spaces kept, white space at the beginning dropped. */
    public String rest() {
        while (position < line.length() && (line.charAt(position) == ' ' || line.charAt(position) == '\t')) {
            position++;
        }
        String rest = line.substring(position);
        position = line.length();
        return rest;
    }

    private void skipSpaces() {
        while (position < line.length() && line.charAt(position) == ' ') {
            position++;
        }
    }

    /** Shows nothing of the line: it may hold a password, a token or a message. */
    @Override
    public String toString() {
        return "RequestLine[" + line.length() + " characters]";
    }
}
