package io.pesan.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The archive that the build makes, unpacked as an operator does. */
final class UnpackedArchive {

    private static final Path BUILT =
            Path.of("..", "distribution", "target").toAbsolutePath().normalize();

    /** Made when the first test needs it. */
    private static final class Shared {
        static final UnpackedArchive ARCHIVE = unpackAndTrain();

        private static UnpackedArchive unpackAndTrain() {
            Path folder = Path.of("target", "archive under test").toAbsolutePath();
            try {
                Program.output("rm", "-rf", folder.toString());
                UnpackedArchive archive = in(Files.createDirectories(folder));
                Program.output(archive.file("bin/make-class-archive").toString());
                return archive;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private final Path home;

    private UnpackedArchive(Path home) {
        this.home = home;
    }

    /** One for all tests that change nothing in it; with a class archive, as in the image: nodes start in half the time. */
    static UnpackedArchive shared() {
        return Shared.ARCHIVE;
    }

    /** Unpacks it below an empty folder. */
    static UnpackedArchive in(Path folder) {
        return of(onlyOneIn(BUILT, ".tar.gz"), folder);
    }

    /** Unpacks that of another build below an empty folder. */
    static UnpackedArchive of(Path archive, Path folder) {
        Program.Outcome unpacked = Program.run(folder, "", "tar", "-xzf", archive.toString());
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
    Program.Outcome pesan(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(script().toString()));
        command.addAll(List.of(arguments));
        return Program.run(Path.of("/"), input, command.toArray(String[]::new));
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
