package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process supervisor and a person at a terminal see. */
class SignalsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    /** The Redis of a node that was ended at once is still writing into the folder that is deleted next. */
    @AfterEach
    void awaitRedis() {
        await().atMost(PATIENCE).until(() -> RedisProcesses.of(folder).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void drainsAndExitsWithZero(String signal) throws Exception {
        try (ChildJvm node = up()) {
            long before = System.nanoTime();
            node.signal(signal);

            assertThat(node.awaitExit()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
        }
        assertThat(folder.resolve("owner")).doesNotExist();
    }

    @Test
    void endsAtOnceAtTheSecondInterrupt() throws Exception {
        try (ChildJvm node = up();
                Line client = new Line(Integer.parseInt(port(node)))) {
            assertThat(client.ask("ping")).contains("pong");
            node.signal("INT");
            node.awaitLine(line -> line.contains("stopping"));
            node.signal("INT");

            assertThat(node.awaitExit()).isEqualTo(130);
        }
    }

    /** A supervisor's SIGTERM, then a person's first Ctrl-C. */
    @Test
    void countsOnlyInterruptsForTheSecondOne() throws Exception {
        try (ChildJvm node = up();
                Line client = new Line(Integer.parseInt(port(node)))) {
            assertThat(client.ask("ping")).contains("pong");
            node.signal("TERM");
            node.awaitLine(line -> line.contains("stopping"));
            node.signal("INT");
            await().during(Duration.ofMillis(500)).atMost(PATIENCE).until(node.process()::isAlive);
            node.signal("INT");

            assertThat(node.awaitExit()).isEqualTo(130);
        }
    }

    @Test
    void aFailedStartIsOneLineAndAStatus() throws Exception {
        try (ChildJvm node = ChildJvm.start(PesanMain.class, "up", "--set", "gateway.prot=1")) {
            assertThat(node.awaitLine(line -> true))
                    .isEqualTo("pesan: --set: gateway.prot is not a key; did you mean gateway.port?");
            assertThat(node.awaitExit()).isEqualTo(1);
        }
    }

    @Test
    void theLastLineOfAStartSaysReady() throws Exception {
        try (ChildJvm node = up()) {
            assertThat(node.lines()).last().asString().contains("ready");
            assertThat(String.join("\n", node.lines())).contains("auth messi surabaya", "messi, henderson, lineker");
        }
    }

    private ChildJvm up() throws Exception {
        ChildJvm node = ChildJvm.start(
                PesanMain.class,
                "up",
                "--set",
                "gateway.port=0",
                "--set",
                "management.port=0",
                "--set",
                "redis.data-dir=" + folder);
        node.awaitLine(line -> line.contains("ready"));
        return node;
    }

    private static String port(ChildJvm node) {
        return node.lines().stream()
                .filter(line -> line.startsWith("chat "))
                .map(line -> line.replaceAll(".*:", ""))
                .findFirst()
                .orElseThrow();
    }
}
