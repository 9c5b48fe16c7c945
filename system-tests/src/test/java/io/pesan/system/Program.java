package io.pesan.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that is not ours: whether it is there, run to its end, or running until it is closed. */
public final class Program implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 300;
    private static final int END_SECONDS = 60;

    /**
     * What one did.
     *
     * @param output standard output, and standard error unless that went elsewhere
     */
    public record Outcome(int status, String output) {}

    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    /** Whether all these are on the path. */
    public static boolean isInstalled(String... names) {
        return Stream.of(names).allMatch(Program::isOnPath);
    }

    private static boolean isOnPath(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /** Starts one that runs until it is closed. */
    static Program start(Path log, String... command) {
        try {
            return new Program(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs one to its end, which must come within five minutes. */
    static Outcome run(Path folder, String input, String... command) {
        return finish(new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true), input);
    }

    /** Runs one that must succeed; returns what it wrote to standard output alone. */
    public static String output(String... command) {
        Outcome outcome = finish(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT), "");
        if (outcome.status() != 0) {
            throw new IllegalStateException(List.of(command) + " failed:\n" + outcome.output());
        }
        return outcome.output();
    }

    private static Outcome finish(ProcessBuilder command, String input) {
        try {
            Path output = Files.createTempFile("command", ".log");
            Process process = command.redirectOutput(output.toFile()).start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            if (!endsWithin(process, PATIENCE_SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command.command() + " does not end:\n" + Files.readString(output));
            }
            String text = Files.readString(output);
            Files.delete(output);
            return new Outcome(process.exitValue(), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean endsWithin(Process process, int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        if (!endsWithin(process, END_SECONDS)) {
            process.destroyForcibly();
        }
    }
}
