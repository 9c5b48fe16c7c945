package io.pesan.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {

    @TempDir
    private Path home;

    @Test
    void isReadableByItsOwnerAlone() throws IOException {
        Path file = HistoryFile.in(Map.of(), home).orElseThrow();
        assertThat(file).isEqualTo(home.resolve(".local/state/pesan/chat_history"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(HistoryFile.in(Map.of(), home)).contains(file);
    }

    @Test
    void followsTheStateFolder() {
        Path state = home.resolve("state");
        assertThat(HistoryFile.in(Map.of("XDG_STATE_HOME", state.toString()), home))
                .contains(state.resolve("pesan/chat_history"));
        assertThat(HistoryFile.in(Map.of("XDG_STATE_HOME", "relative"), home).orElseThrow())
                .startsWith(home.resolve(".local"));
    }

    @Test
    void isDoneWithoutWhereItCannotBeMade() throws IOException {
        Path file = Files.createFile(home.resolve("file"));
        assertThat(HistoryFile.in(Map.of("XDG_STATE_HOME", file.toString()), home))
                .isEmpty();
    }
}
