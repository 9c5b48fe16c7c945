package io.pesan.system.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One of the installations that k8s/ describes.
 *
 * @param documents what is applied
 * @param secrets what k8s/make-secrets prints, which is applied before
 */
record Overlay(String name, Documents documents, Documents secrets) {

    private static final Path FOLDER = Path.of("..", "k8s").toAbsolutePath().normalize();
    private static final int PATIENCE_SECONDS = 60;

    static boolean canBeRendered() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }

    static List<Overlay> all() {
        Documents secrets = Documents.read(run(FOLDER.resolve("make-secrets").toString()));
        try (Stream<Path> overlays = Files.list(FOLDER.resolve("overlays"))) {
            return overlays.sorted()
                    .map(folder -> new Overlay(
                            String.valueOf(folder.getFileName()),
                            Documents.read(run("kubectl", "kustomize", folder.toString())),
                            secrets))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(List.of(command) + " failed");
            }
            return output;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
