package io.pesan.system.kubernetes;

import io.pesan.system.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of the installations that k8s/ describes.
 *
 * @param documents what is applied
 * @param secrets what k8s/make-secrets prints, which is applied before
 */
record Overlay(String name, Documents documents, Documents secrets) {

    private static final Path FOLDER = Path.of("..", "k8s").toAbsolutePath().normalize();

    static boolean canBeRendered() {
        return Program.isInstalled("kubectl");
    }

    static List<Overlay> all() {
        Documents secrets =
                Documents.read(Program.output(FOLDER.resolve("make-secrets").toString()));
        try (Stream<Path> overlays = Files.list(FOLDER.resolve("overlays"))) {
            return overlays.sorted()
                    .map(folder -> new Overlay(
                            String.valueOf(folder.getFileName()),
                            Documents.read(Program.output("kubectl", "kustomize", folder.toString())),
                            secrets))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
