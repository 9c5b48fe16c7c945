package io.pesan.contract.protocol;

/** What a password and a full name may look like. Lengths are in Unicode code points. */
public final class Credentials {

    public static final int MAX_PASSWORD_LENGTH = 128;
    public static final int MAX_FULL_NAME_LENGTH = 64;

    private Credentials() {}

    /**
     * 1 to 128 characters, none of them a space or a control character, and no half of one: only what a client can send,
     * for a request's words end at spaces, and control characters in it are refused.
     */
    public static boolean isPassword(String value) {
        int length = value.codePointCount(0, value.length());
        return length >= 1
                && length <= MAX_PASSWORD_LENGTH
                && value.codePoints().noneMatch(c -> c == ' ' || Character.isISOControl(c) || isHalf(c));
    }

    /** 1 to 64 characters, no control characters, no white space at either end. */
    public static boolean isFullName(String value) {
        int length = value.codePointCount(0, value.length());
        return length >= 1
                && length <= MAX_FULL_NAME_LENGTH
                && value.strip().equals(value)
                && value.codePoints().noneMatch(Character::isISOControl);
    }

    /** A surrogate without its other half. */
    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
