package io.pesan.contract.protocol;

/** An account's name: 1 to 32 of {@code A-Z a-z 0-9 . _ -}. Too short to have a token's shape. */
public record Username(String value) {

    /** Longest name, in characters. */
    public static final int MAX_LENGTH = 32;

    public Username {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "a username is 1 to " + MAX_LENGTH + " of A-Z a-z 0-9 . _ - but not '" + value + "'");
        }
    }

    /** Whether an account can have this name. */
    public static boolean isValid(String value) {
        int length = value.length();
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (!isNameCharacter(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    @Override
    public String toString() {
        return value;
    }
}
