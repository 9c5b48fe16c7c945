package io.pesan.client.chat;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Plain lines without any escape codes: for pipes, files, and terminals that can't do more. */
final class PlainScreen implements Screen {

    private final BufferedReader in;
    private final PrintStream out;
    private final PrintStream errors;
    private final @Nullable Console console;

    /** @param console of a terminal, where questions are shown and secrets can be read without echo; null for a pipe */
    PlainScreen(BufferedReader in, PrintStream out, PrintStream errors, @Nullable Console console) {
        this.in = in;
        this.out = out;
        this.errors = errors;
        this.console = console;
    }

    @Override
    public void show(String lines) {
        out.println(lines);
    }

    @Override
    public void complain(String line) {
        errors.println(line);
    }

    @Override
    public @Nullable String ask(String question) throws IOException {
        if (console != null) {
            out.print(question);
            out.flush();
        }
        return in.readLine();
    }

    @Override
    public @Nullable String askSecret(String question) throws IOException {
        if (console == null) {
            return in.readLine();
        }
        char[] secret = console.readPassword("%s", question);
        return secret == null ? null : new String(secret);
    }

    @Override
    public @Nullable String next() throws IOException {
        return in.readLine();
    }

    @Override
    public boolean isInteractive() {
        return console != null;
    }

    @Override
    public void close() {
        out.flush();
    }
}
