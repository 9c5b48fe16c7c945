package io.pesan.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The archive that the build makes, unpacked as an operator does. */
final class UnpackedArchive {

    private static final Path BUILT =
            Path.of("..", "distribution", "target").toAbsolutePath().normalize();
    private static final int PATIENCE_SECONDS = 60;

    /**
     * What a command did.
     *
     * @param output standard output and standard error
     */
    record Outcome(int status, String output) {}

    private final Path home;

    private UnpackedArchive(Path home) {
        this.home = home;
    }

    /** Unpacks it below an empty folder. */
    static UnpackedArchive in(Path folder) {
        return of(onlyOneIn(BUILT, ".tar.gz"), folder);
    }

    /** Unpacks that of another build below an empty folder. */
    static UnpackedArchive of(Path archive, Path folder) {
        Outcome unpacked = run(folder, "", "tar", "-xzf", archive.toString());
        if (unpacked.status() != 0) {
            throw new IllegalStateException(unpacked.output());
        }
        return new UnpackedArchive(onlyOneIn(folder, ""));
    }

    Path script() {
        return home.resolve("bin").resolve("pesan");
    }

    Path file(String name) {
        return home.resolve(name);
    }

    /** Runs its script to the end, from a folder that has nothing to do with it. */
    Outcome pesan(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(script().toString()));
        command.addAll(List.of(arguments));
        return run(Path.of("/"), input, command.toArray(String[]::new));
    }

    static Outcome run(Path folder, String input, String... command) {
        try {
            Path output = Files.createTempFile("command", ".log");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(List.of(command) + " does not end:\n" + Files.readString(output));
            }
            String text = Files.readString(output);
            Files.delete(output);
            return new Outcome(process.exitValue(), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static Path onlyOneIn(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(ending)).toList();
            if (found.size() != 1) {
                throw new IllegalStateException("not one *" + ending + " in " + folder + ", but " + found);
            }
            return found.get(0);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
