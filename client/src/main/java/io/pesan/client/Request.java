package io.pesan.client;

import io.pesan.contract.protocol.Credentials;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.RequestLine;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request line in the making. Refuses what no server could read as it was meant; a server would answer with an error
 * at best, and take the rest of a text for a command at worst.
 */
final class Request {

    /** Longest line that a server reads unless it is told otherwise, its terminator not counted. */
    static final int MAX_LINE_BYTES = 64 << 10;

    private final StringBuilder line = new StringBuilder();
    private final @Nullable String tag;

    private Request(String command, @Nullable String tag) {
        this.tag = tag;
        if (tag != null) {
            line.append('@').append(tag).append(' ');
        }
        line.append(command);
    }

    static Request of(String command) {
        return new Request(command, null);
    }

    /** @throws IllegalArgumentException if it isn't a tag */
    static Request tagged(String tag, String command) {
        if (!RequestLine.isTag(tag)) {
            throw new IllegalArgumentException(
                    "a tag is 1 to " + RequestLine.MAX_TAG_LENGTH + " of A-Z a-z 0-9 . _ : -");
        }
        return new Request(command, tag);
    }

    /** Appends a word that has been validated by its type. */
    Request word(String word) {
        line.append(' ').append(word);
        return this;
    }

    /** Appends that only what is later is wanted; null: everything is. */
    Request after(@Nullable MessageId id) {
        return id == null ? this : word("after").word(id.toString());
    }

    /** @throws IllegalArgumentException if it can't be a password */
    Request password(String password) {
        if (!Credentials.isPassword(password)) {
            throw new IllegalArgumentException("a password is 1 to " + Credentials.MAX_PASSWORD_LENGTH
                    + " characters without white space or control characters");
        }
        return word(password);
    }

    /** @throws IllegalArgumentException if it can't be a full name */
    Request fullName(String name) {
        if (!Credentials.isFullName(name) || !isReadable(name)) {
            throw new IllegalArgumentException("a full name is 1 to " + Credentials.MAX_FULL_NAME_LENGTH
                    + " characters without control characters, and without white space at its ends");
        }
        return word(name);
    }

    /** @throws IllegalArgumentException if it is empty, or has control characters such as line breaks */
    Request text(String text) {
        if (text.isBlank() || !isReadable(text)) {
            throw new IllegalArgumentException(
                    "a text has at least one character, no line breaks and no control characters");
        }
        return word(text);
    }

    /** Whether a server would read it as it is: no control characters but tab, and no half of a character. */
    static boolean isReadable(String text) {
        return text.codePoints()
                .noneMatch(c -> (Character.isISOControl(c) && c != '\t')
                        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    @Nullable String tag() {
        return tag;
    }

    /**
     * The line with its terminator.
     *
     * @throws IllegalArgumentException if it is longer than a server reads
     */
    byte[] bytes() {
        byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length - 1 > MAX_LINE_BYTES) {
            throw new IllegalArgumentException(
                    "a request has at most " + MAX_LINE_BYTES + " bytes, this one " + (bytes.length - 1));
        }
        return bytes;
    }
}
