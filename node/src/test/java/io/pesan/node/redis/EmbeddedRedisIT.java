package io.pesan.node.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.pesan.node.ChildJvm;
import io.pesan.node.config.StartFailure;
import io.pesan.redis.RedisConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void keepsItsDataFromOneStartToTheNext() throws IOException {
        try (EmbeddedRedis first = EmbeddedRedis.start(folder)) {
            assertThat(ask(first.config(), "SET greeting hola")).isEqualTo("+OK");
        }
        assertThat(folder.resolve("owner")).doesNotExist();
        try (EmbeddedRedis second = EmbeddedRedis.start(folder)) {
            assertThat(ask(second.config(), "STRLEN greeting")).isEqualTo(":4");
        }
    }

    @Test
    void letsInOnlyWhoKnowsThePassword() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            RedisConfig stranger = new RedisConfig(redis.config().url(), "guess", null);

            assertThat(ask(stranger, "PING")).startsWith("-NOAUTH");
            assertThat(Files.getPosixFilePermissions(folder.resolve(RedisFiles.CONFIGURATION)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void letsNobodyElseReadWhatItKeepsAlsoInADirectoryThatOthersMayRead() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(folder.resolve("redis/appendonlydir"));
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThat(ask(redis.config(), "SET greeting hola")).isEqualTo("+OK");
            assertThat(Files.getPosixFilePermissions(folder.resolve("redis")))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            try (Stream<Path> files = Files.list(folder.resolve("redis/appendonlydir"))) {
                assertThat(files)
                        .isNotEmpty()
                        .allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file))
                                .isEqualTo(PosixFilePermissions.fromString("rw-------")));
            }
        }
    }

    @Test
    void endsARedisThatIsLeftWithoutAGuard() throws Exception {
        try (ChildJvm owner = ChildJvm.start(RedisOwner.class, folder.toString())) {
            String[] where =
                    owner.awaitLine(line -> line.startsWith("redis://")).split(" ", 2);
            assertThat(ask(new RedisConfig(where[0], where[1], null), "SET greeting hola"))
                    .isEqualTo("+OK");
            // The owner first frozen: it would start another.
            owner.signal("STOP");
            ProcessHandle redis = process("redis");
            process("guard")
                    .children()
                    .filter(helper -> helper.pid() != redis.pid())
                    .forEach(ProcessHandle::destroyForcibly);
            process("guard").destroyForcibly();
            owner.signal("KILL");
            owner.awaitExit();
            assertThat(ProcessRecord.runs(redis)).isTrue();
        }
        try (EmbeddedRedis next = EmbeddedRedis.start(folder)) {
            assertThat(ask(next.config(), "STRLEN greeting")).isEqualTo(":4");
        }
        awaitThatNothingRuns();
    }

    @Test
    void refusesADirectoryThatThisProcessHas() {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThat(redis.config().password()).hasSize(64);
            assertThatExceptionOfType(StartFailure.class)
                    .isThrownBy(() -> EmbeddedRedis.start(folder))
                    .withMessage("redis.data-dir %s is in use by the node with process id %d"
                            .formatted(folder, ProcessHandle.current().pid()));
        }
    }

    @Test
    void refusesADirectoryThatAnotherProcessHas() throws Exception {
        try (ChildJvm owner = ChildJvm.start(RedisOwner.class, folder.toString())) {
            owner.awaitLine(line -> line.startsWith("redis://"));

            assertThatExceptionOfType(StartFailure.class)
                    .isThrownBy(() -> EmbeddedRedis.start(folder))
                    .withMessage("redis.data-dir %s is in use by the node with process id %d"
                            .formatted(folder, owner.process().pid()));
        }
        awaitThatNothingRuns();
    }

    @Test
    void redisEndsWithAKilledOwnerAndTheNextOneFindsItsData() throws Exception {
        try (ChildJvm owner = ChildJvm.start(RedisOwner.class, folder.toString())) {
            String[] where =
                    owner.awaitLine(line -> line.startsWith("redis://")).split(" ", 2);
            RedisConfig config = new RedisConfig(where[0], where[1], null);
            assertThat(ask(config, "SET greeting hola")).isEqualTo("+OK");

            owner.signal("KILL");
            owner.awaitExit();
        }
        // No pause: the next owner waits for the Redis that is left.
        try (EmbeddedRedis next = EmbeddedRedis.start(folder)) {
            assertThat(ask(next.config(), "STRLEN greeting")).isEqualTo(":4");
        }
        awaitThatNothingRuns();
    }

    @Test
    void startsRedisAgainWhenItIsKilled() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThat(ask(redis.config(), "SET greeting hola")).isEqualTo("+OK");
            process("redis").destroyForcibly();

            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> ask(redis.config(), "STRLEN greeting").equals(":4"));
        }
        awaitThatNothingRuns();
    }

    @Test
    void startsRedisAgainWhenItsGuardIsKilled() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            ProcessHandle first = process("redis");
            process("guard").destroyForcibly();

            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> process("redis").pid() != first.pid()
                            && ask(redis.config(), "PING").equals("+PONG"));
            assertThat(ProcessRecord.runs(first)).isFalse();
        }
        awaitThatNothingRuns();
    }

    @Test
    void saysWhyADirectoryCanNotBeUsed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> EmbeddedRedis.start(file))
                .withMessageContaining("redis.data-dir " + file + " can't be used");
    }

    @Test
    void saysWhyRedisDoesNotStart() throws IOException {
        Path database = Files.createDirectories(folder.resolve("redis/appendonlydir"));
        Files.writeString(database.resolve("appendonly.aof.manifest"), "nonsense\n");

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> EmbeddedRedis.start(folder))
                .withMessageContaining("the embedded Redis does not start; " + folder.resolve(RedisFiles.LOG));
        awaitThatNothingRuns();
    }

    private void awaitThatNothingRuns() {
        await().atMost(PATIENCE)
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(process -> process.info()
                                .commandLine()
                                .filter(line -> line.contains(folder + "/redis"))
                                .isPresent()));
    }

    private ProcessHandle process(String role) throws IOException {
        Properties owner = new Properties();
        try (BufferedReader reader = Files.newBufferedReader(folder.resolve("owner"))) {
            owner.load(reader);
        }
        ProcessRecord record = Objects.requireNonNull(ProcessRecord.parse(owner.getProperty(role)));
        return ProcessHandle.of(record.pid()).orElseThrow();
    }

    /** The first line of the answer. */
    private static String ask(RedisConfig config, String command) throws IOException {
        URI uri = URI.create(config.url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(5_000);
            String commands = "AUTH " + config.password() + "\r\n" + command + "\r\n";
            socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            answers.readLine();
            return String.valueOf(answers.readLine());
        }
    }
}
