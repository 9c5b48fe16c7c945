package io.pesan.client.chat;

import java.io.IOException;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** A terminal with a line editor: what arrives is shown above the line that is being typed. */
final class TerminalScreen implements Screen {

    private static final String PROMPT = "> ";
    /** Lines kept in the history file. */
    private static final int HISTORY_LINES = 1000;

    private static final Sized USUAL_SIZE = Size.of(80, 24);
    /** No echo at all. */
    private static final char NOTHING = '\0';

    private final Terminal terminal;
    private final LineReader lines;
    /** Has no history: names and secrets are none of its business. */
    private final LineReader questions;

    /** @param history file for the editor's history; null for none */
    TerminalScreen(Terminal terminal, @Nullable Path history) {
        this.terminal = terminal;
        if (terminal.getColumns() < 1) {
            // Some remote shells don't say: without a size the editor would show nothing.
            terminal.setSize(USUAL_SIZE);
        }
        this.questions = LineReaderBuilder.builder()
                .terminal(terminal)
                .variable(LineReader.DISABLE_HISTORY, true)
                .variable(LineReader.DISABLE_COMPLETION, true)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .variable(LineReader.DISABLE_COMPLETION, true)
                // Who types passwords behind the command is refused, and that isn't remembered either.
                .variable(LineReader.HISTORY_IGNORE, "/passwd *")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.BRACKETED_PASTE, true);
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history)
                    .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES)
                    .variable(LineReader.HISTORY_SIZE, HISTORY_LINES);
        } else {
            builder.variable(LineReader.DISABLE_HISTORY, true);
        }
        this.lines = builder.build();
    }

    @Override
    public void show(String above) {
        lines.printAbove(above);
    }

    @Override
    public void complain(String line) {
        lines.printAbove("! " + line);
    }

    @Override
    public @Nullable String ask(String question) {
        return read(() -> questions.readLine(question));
    }

    @Override
    public @Nullable String askSecret(String question) {
        return read(() -> questions.readLine(question, NOTHING));
    }

    @Override
    public @Nullable String next() {
        return read(() -> lines.readLine(PROMPT));
    }

    private interface Reading {
        String read();
    }

    /** Ctrl-C clears a line that has been begun, and ends on an empty one, as Ctrl-D does. */
    private static @Nullable String read(Reading reading) {
        while (true) {
            try {
                return reading.read();
            } catch (UserInterruptException interrupted) {
                if (interrupted.getPartialLine().isEmpty()) {
                    return null;
                }
            } catch (EndOfFileException end) {
                return null;
            }
        }
    }

    @Override
    public boolean isInteractive() {
        return true;
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
