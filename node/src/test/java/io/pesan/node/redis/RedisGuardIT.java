package io.pesan.node.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisGuardIT {

    /** As a Redis that has only just been started: deaf to SIGTERM until it is ready. */
    private static final String SLOW_TO_LISTEN = """
            #!/bin/sh
            trap '' TERM
            sleep 1
            trap 'exit 0' TERM
            while :; do sleep 0.1; done
            """;

    @TempDir
    private Path folder;

    @Test
    void endsARedisThatWasOnlyJustStartedWhenItsNodeDied() throws Exception {
        Process guard = new ProcessBuilder(
                        executable("guard", guardScript()).toString(),
                        executable("redis", SLOW_TO_LISTEN).toString(),
                        "redis.conf")
                .start();
        guard.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
        guard.getOutputStream().flush();
        ProcessHandle redis =
                ProcessHandle.of(Long.parseLong(guard.inputReader().readLine())).orElseThrow();
        try {
            guard.getOutputStream().close();

            assertThat(guard.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ProcessRecord.runs(redis)).isFalse();
        } finally {
            redis.destroyForcibly();
            guard.destroyForcibly();
        }
    }

    private Path executable(String name, String content) throws Exception {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static String guardScript() throws Exception {
        try (InputStream script =
                Objects.requireNonNull(RedisFiles.class.getResourceAsStream(RedisFiles.GUARD_SCRIPT))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
