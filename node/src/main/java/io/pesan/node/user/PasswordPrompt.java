package io.pesan.node.user;

import io.pesan.contract.protocol.Credentials;
import io.pesan.node.config.StartFailure;
import io.pesan.node.config.Terminal;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Gets a password from whom it belongs to: never from an argument, which every process of the machine can read. */
final class PasswordPrompt {

    private PasswordPrompt() {}

    /** Asked twice, without echo, on a terminal; else one line of standard input. */
    @SuppressWarnings("SystemConsoleNull") // Terminal has told whether there is somebody to ask
    static String ask() {
        Console console = Terminal.types() ? System.console() : null;
        String password = console == null ? readLine() : askTwice(console);
        if (!Credentials.isPassword(password)) {
            throw new StartFailure("a password is 1 to " + Credentials.MAX_PASSWORD_LENGTH
                    + " characters without white space or control characters, which no client could send");
        }
        return password;
    }

    private static String askTwice(Console console) {
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Again: ");
        if (first == null || !Arrays.equals(first, second)) {
            throw new StartFailure("the two passwords differ");
        }
        return new String(first);
    }

    private static String readLine() {
        try {
            // Not closed: standard input is not ours to close.
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line = in.readLine();
            return line == null ? "" : line;
        } catch (IOException unreadable) {
            throw new StartFailure("can't read the password from standard input", unreadable);
        }
    }
}
