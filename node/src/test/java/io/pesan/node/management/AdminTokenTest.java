package io.pesan.node.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTokenTest {

    private static final int NODES = 8;

    @TempDir
    private Path folder;

    private Configuration in(Path directory) {
        List<String> settings = List.of("redis.data-dir=" + directory);
        return Configuration.read(new ConfigSources(null, Map.of(), settings), true);
    }

    @Test
    void nodesThatStartTogetherAgreeOnOneToken() throws Exception {
        for (int round = 0; round < 50; round++) {
            Path directory = folder.resolve("data-" + round);
            Configuration configuration = in(directory);
            List<CompletableFuture<String>> tokens = IntStream.range(0, NODES)
                    .mapToObj(node -> CompletableFuture.supplyAsync(
                            () -> AdminToken.readOrCreate(configuration).authorization()))
                    .toList();

            assertThat(tokens.stream().map(CompletableFuture::join).distinct()).hasSize(1);
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).containsExactly(directory.resolve("admin-token"));
            }
        }
    }

    @Test
    void onlyItsOwnerMayReadIt() throws Exception {
        Path directory = folder.resolve("data");
        AdminToken.readOrCreate(in(directory));

        assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(directory.resolve("admin-token")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void saysWhichFileIsEmpty() throws Exception {
        Path file = Files.createFile(folder.resolve("token"));

        assertThatThrownBy(() -> AdminToken.read(file))
                .isInstanceOf(StartFailure.class)
                .hasMessage("management.admin-token-file " + file + " is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hushed\nsecond", "hus hed", "hush\u0000ed", "hushéd", "hush\u2603ed", "\ufeffhushed"})
    void takesNothingThatNoRequestCouldShow(String content) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), content + "\n");

        assertThatThrownBy(() -> AdminToken.read(file))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith(
                        "management.admin-token-file " + file + " must hold one word of printable ASCII")
                .hasMessageNotContaining("hus")
                .hasMessageNotContaining("\n");
    }

    @Test
    void leavesTheLineBreakAtTheEndToEditors() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "!hushed~\r\n");

        assertThat(AdminToken.read(file).authorization()).isEqualTo("Bearer !hushed~");
    }
}
