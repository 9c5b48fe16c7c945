package io.pesan.contract.protocol;

/** What a password and a full name may look like. Lengths are in Unicode code points. */
public final class Credentials {

    public static final int MAX_PASSWORD_LENGTH = 128;
    public static final int MAX_FULL_NAME_LENGTH = 64;

    private Credentials() {}

    /** 1 to 128 characters, none of them a space, a tab or a line break. */
    public static boolean isPassword(String value) {
        int length = value.codePointCount(0, value.length());
        return length >= 1
                && length <= MAX_PASSWORD_LENGTH
                && value.chars().noneMatch(c -> c == ' ' || c == '\t' || c == '\r' || c == '\n');
    }

    /** 1 to 64 characters, no control characters, no white space at either end. */
    public static boolean isFullName(String value) {
        int length = value.codePointCount(0, value.length());
        return length >= 1
                && length <= MAX_FULL_NAME_LENGTH
                && value.strip().equals(value)
                && value.codePoints().noneMatch(Character::isISOControl);
    }
}
