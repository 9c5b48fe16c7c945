package io.pesan.client.chat;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/** Where the line editor remembers what was typed: under the XDG state folder, readable by its owner alone. */
final class HistoryFile {

    private HistoryFile() {}

    /** Makes the file if need be; empty if that isn't possible: chatting works without. */
    static Optional<Path> in(Map<String, String> environment, Path home) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        // The specification has relative paths ignored.
        Path base = Path.of(state).isAbsolute()
                ? Path.of(state)
                : home.resolve(".local").resolve("state");
        Path file = base.resolve("pesan").resolve("chat_history");
        try {
            Files.createDirectories(file.getParent());
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Optional.of(file);
        } catch (FileAlreadyExistsException good) {
            return Optional.of(file);
        } catch (IOException | UnsupportedOperationException unavailable) {
            return Optional.empty();
        }
    }
}
