package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A block of commands of a document, run as it stands there. */
record DocumentedCommands(String script) {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final int PATIENCE_SECONDS = 180;

    /**
     * Finds the one block that has a text in it.
     *
     * @param document in docs/
     */
    static DocumentedCommands in(String document, String text) {
        try {
            List<String> blocks = BLOCK.matcher(Files.readString(Path.of("..", "docs", document)))
                    .results()
                    // Those of another language are no commands; but their ends must not look like beginnings.
                    .filter(block -> block.group(1).isEmpty())
                    .map(block -> block.group(2))
                    .filter(block -> block.contains(text))
                    .toList();
            assertThat(blocks).as("blocks of " + document + " with " + text).hasSize(1);
            return new DocumentedCommands(blocks.get(0));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** These, and others behind them in the same shell. */
    DocumentedCommands then(DocumentedCommands next) {
        return new DocumentedCommands(script + next.script);
    }

    /** The same about another place. */
    DocumentedCommands with(String written, Path meant) {
        assertThat(script).contains(written);
        return new DocumentedCommands(script.replace(written, meant.toString()));
    }

    /** The same but for the lines that begin like this. */
    DocumentedCommands without(String beginning) {
        assertThat(script).contains(beginning);
        return new DocumentedCommands(script.replaceAll("(?m)^" + Pattern.quote(beginning) + ".*\\n", ""));
    }

    /** Fails at the first command that fails. */
    void run(Path folder, Map<String, String> environment) {
        try {
            File log = folder.resolve("commands.log").toFile();
            ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
            shell.environment().putAll(environment);
            Process process = shell.start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended && process.exitValue() == 0)
                    .as(Files.readString(log.toPath()))
                    .isTrue();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
