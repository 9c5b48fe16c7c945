package io.pesan.contract.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.UUID;

/**
 * What a client shows to prove its session: a random version-4 UUID (122 random bits, RFC 9562 section 5.4) in lower
 * case. It is a secret: {@link #toString} does not show it, and once the client has it only its {@link #hash} leaves the
 * gateway.
 */
public record Token(String value) {

    private static final int LENGTH = 36;

    public Token {
        if (!hasShape(value)) {
            throw new IllegalArgumentException("not of a token's shape");
        }
    }

    /** A new token from the platform's strong random generator. */
    public static Token random() {
        return new Token(UUID.randomUUID().toString());
    }

    /** Whether a word looks like a token: 8-4-4-4-12 lower-case hexadecimal digits. */
    public static boolean hasShape(String word) {
        if (word.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = word.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            boolean fits = dash ? c == '-' : isLowerHex(c);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLowerHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /** SHA-256 in unpadded base64url (43 characters): how a session is named on the bus and in Redis. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Token[secret]";
    }
}
