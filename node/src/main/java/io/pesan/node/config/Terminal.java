package io.pesan.node.config;

/**
 * Whether a person is at the other end of the standard streams. The pesan script knows and says so in system
 * properties: a JVM alone can tell only for both streams at once, and from JDK 22 on not by the same question.
 */
public final class Terminal {

    private Terminal() {}

    /** Whether standard output is a terminal. */
    public static boolean shows() {
        return isSet("pesan.terminal.out");
    }

    /** Whether standard input is a terminal. */
    public static boolean types() {
        return isSet("pesan.terminal.in");
    }

    @SuppressWarnings("SystemConsoleNull") // only a guess for who starts the JVM without the script
    private static boolean isSet(String property) {
        return Boolean.parseBoolean(System.getProperty(property, String.valueOf(System.console() != null)));
    }
}
