package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.RedisForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build hands to an operator: unpacked into a folder of its own and run from there. */
class ArchiveIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;

    private static UnpackedArchive archive;

    @BeforeAll
    static void unpack() throws IOException {
        archive = UnpackedArchive.in(Files.createDirectory(folder.resolve("opt with space")));
    }

    @Test
    void holdsAConversationAndEndsInGoodOrder() throws IOException {
        Path data = folder.resolve("data");
        Path link = Files.createSymbolicLink(folder.resolve("pesan"), archive.script());
        int port = RedisForTests.freePort();
        int managementPort = RedisForTests.freePort();
        try (NodeProcess node = NodeProcess.launch(link, data, port, managementPort, NodeProcess.CHEAP_HASHES)) {
            node.awaitReady();
            try (WireClient messi = node.connect();
                    WireClient henderson = node.connect()) {
                messi.logIn("messi", "surabaya");
                assertThat(messi.ask("send henderson hola")).contains("Message Sent");
                assertThat(henderson.readAll(henderson.logIn("henderson", "surabaya")))
                        .containsExactly("hola");
            }
            Program.Outcome listed = archive.pesan(
                    "",
                    "user",
                    "list",
                    "--set",
                    "management.port=" + managementPort,
                    "--set",
                    "redis.data-dir=" + data);
            assertThat(listed.output()).contains("messi", "henderson", "lineker");
            // Silent is right: a client has no logger, though one lies beside it.
            assertThat(archive.pesan("lineker\nsurabaya\n@messi apa kabar\n", "chat", "--port=" + port))
                    .isEqualTo(new Program.Outcome(0, ""));
            try (WireClient messi = node.connect()) {
                assertThat(messi.readAll(messi.logIn("messi", "surabaya"))).containsExactly("apa kabar");
            }
            // It prints its figures and nothing else.
            assertThat(archive.pesan(
                                    "",
                                    "bench",
                                    "send",
                                    "--port=" + port,
                                    "--user=messi:surabaya",
                                    "--connections=1",
                                    "--depth=1",
                                    "--warmup=100ms",
                                    "--duration=500ms",
                                    "--no-drain")
                            .output())
                    .startsWith("connections ");
            assertThat(node.stop()).as(node.output()).isZero();
        }
    }

    @Test
    void namesTheCommandThatAddsAnAccountWhereItBringsNone() throws IOException {
        List<String> settings = List.of(
                "accounts.demo=false",
                "logging.format=text",
                NodeProcess.CHEAP_HASHES.get(0),
                NodeProcess.CHEAP_HASHES.get(1));
        Path data = folder.resolve("empty").resolve("data");
        try (NodeProcess node = NodeProcess.launch(
                archive.script(), data, RedisForTests.freePort(), RedisForTests.freePort(), settings)) {
            node.awaitReady();
            assertThat(node.output()).contains("then type: auth alice PASSWORD").doesNotContain("messi");
            String command = node.output()
                    .lines()
                    .filter(line -> line.startsWith("accounts "))
                    .map(line -> line.replaceFirst(".*add one: ", ""))
                    .findFirst()
                    .orElseThrow();

            assertThat(command).startsWith("'" + archive.script() + "' user add alice ");
            assertThat(Program.run(Path.of("/"), "surabaya\n", "sh", "-c", command))
                    .isEqualTo(new Program.Outcome(0, "added alice\n"));
            try (WireClient alice = node.connect()) {
                alice.logIn("alice", "surabaya");
                assertThat(alice.ask("listuser")).contains("\"alice \"");
            }
        }
    }

    @Test
    void aNodeOfAClusterStartsWithTheClassesThatAreKeptReady() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/proc/self/maps")), "this system doesn't tell what a process has mapped");
        UnpackedArchive trained = UnpackedArchive.shared();
        Path log = folder.resolve("cluster.log");
        List<String> command = new ArrayList<>(List.of(trained.script().toString(), "cluster", "1"));
        for (String port : List.of("gateway.port", "management.port", "cluster.port", "cluster.bus-port")) {
            command.addAll(List.of("--set", port + "=0"));
        }
        command.addAll(List.of("--set", "redis.data-dir=" + folder.resolve("cluster")));
        Program cluster = Program.start(log, command.toArray(String[]::new));
        try {
            await("it is ready, or has ended")
                    .atMost(PATIENCE)
                    .until(() -> !cluster.isRunning() || Files.readString(log).contains("is ready"));
            List<Long> nodes = pids(Files.readString(log));
            assertThat(nodes).as(Files.readString(log)).hasSize(1);
            assertThat(nodes)
                    .allSatisfy(node -> assertThat(Files.readString(Path.of("/proc/" + node + "/maps")))
                            .contains(trained.file("lib/classes.jsa").toString()));
        } finally {
            cluster.close();
        }
    }

    private static List<Long> pids(String clusterSays) {
        return Pattern.compile(" pid (\\d+) ")
                .matcher(clusterSays)
                .results()
                .map(pid -> Long.valueOf(pid.group(1)))
                .toList();
    }

    @Test
    void checksTheConfigurationThatItBrings() {
        Program.Outcome checked = archive.pesan(
                "",
                "check-config",
                "--config",
                archive.file("config/pesan.yaml").toString());

        assertThat(checked.status()).as(checked.output()).isZero();
        assertThat(checked.output()).contains("port: 8889");
    }

    @Test
    void bringsALoadGenerator() {
        assertThat(archive.pesan("", "bench", "--help").output()).contains("Usage: pesan bench");
    }

    @Test
    void doesNotRunFromWhereAnotherReleaseWasUnpacked() throws IOException {
        Path stale = Files.createFile(archive.file("lib/node-0.0.1.jar"));
        try {
            Program.Outcome refused = archive.pesan("", "check-config");

            assertThat(refused.status()).isNotZero();
            assertThat(refused.output()).contains("several releases").doesNotContain("Exception");
        } finally {
            Files.delete(stale);
        }
    }

    /** Its unit starts what is in /opt/pesan: looked for here by a link to where it was unpacked. */
    @Test
    void bringsAUnitThatSystemdUnderstands() throws IOException {
        Assumptions.assumeTrue(Program.isInstalled("systemd-analyze"), "systemd-analyze is not on this machine");
        String unit = Files.readString(archive.file("config/systemd/pesan.service"));
        assertThat(unit).contains("ExecStart=/opt/pesan/bin/pesan up --config /etc/pesan/pesan.yaml\n");
        Path installed = Files.createSymbolicLink(folder.resolve("installed"), archive.file(""));
        Path here = Files.writeString(folder.resolve("pesan.service"), unit.replace("/opt/pesan/", installed + "/"));

        Program.Outcome verified = Program.run(folder, "", "systemd-analyze", "verify", "--man=no", here.toString());

        assertThat(verified).isEqualTo(new Program.Outcome(0, ""));
        assertThat(security(here)).as("exposure in tenths, from 0 to 100").isLessThanOrEqualTo(20);
    }

    /** What systemd makes of the unit's restrictions, in tenths. */
    private static int security(Path unit) {
        Program.Outcome judged =
                Program.run(folder, "", "systemd-analyze", "security", "--offline=yes", "--no-pager", unit.toString());
        List<String> verdict = judged.output()
                .lines()
                .filter(line -> line.contains("Overall exposure level"))
                .toList();
        assertThat(verdict).as(judged.output()).hasSize(1);
        return Integer.parseInt(verdict.get(0).replaceAll("^.*: (\\d+)\\.(\\d) .*$", "$1$2"));
    }
}
