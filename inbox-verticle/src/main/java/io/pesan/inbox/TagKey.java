package io.pesan.inbox;

import io.pesan.contract.protocol.Username;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What the append script is told of a client's tag: a zero byte, which begins no message; the key under which the tag is
 * remembered, 16 bytes of a SHA-256 of sender and tag; and 8 bytes of a SHA-256 of the text, by which a tag that is used for
 * another text is found out. Shorter than tags and texts: most of what a tag costs is what Redis needs for any entry.
 */
final class TagKey {

    private static final int KEY_BYTES = 16;
    private static final int TEXT_BYTES = 8;

    private TagKey() {}

    static byte[] of(Username sender, String tag, String text) {
        MessageDigest digest = sha256();
        // Neither has a line end.
        byte[] key = digest.digest((sender.value() + '\n' + tag).getBytes(StandardCharsets.UTF_8));
        byte[] ofText = digest.digest(text.getBytes(StandardCharsets.UTF_8));
        byte[] argument = new byte[1 + KEY_BYTES + TEXT_BYTES];
        System.arraycopy(key, 0, argument, 1, KEY_BYTES);
        System.arraycopy(ofText, 0, argument, 1 + KEY_BYTES, TEXT_BYTES);
        return argument;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
