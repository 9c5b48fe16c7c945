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
