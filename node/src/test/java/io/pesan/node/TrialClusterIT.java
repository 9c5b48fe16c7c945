package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pesan cluster}, with real processes. */
class TrialClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern NODE =
            Pattern.compile("(n\\d) +chat 127.0.0.1:(\\d+) +management http://127.0.0.1:(\\d+) .* pid (\\d+) .*");

    @TempDir
    private Path folder;

    private record Node(String name, int chat, int management, ProcessHandle process) {}

    /** The Redis of a cluster that was killed is still writing into the folder that is deleted next. */
    @AfterEach
    void awaitRedis() {
        await().atMost(PATIENCE).until(() -> redis().isEmpty());
    }

    @Test
    void threeNodesAreOneServiceAndOneSignalEndsThemInGoodOrder() throws Exception {
        try (ChildJvm cluster = cluster("3", "--set", "gateway.port=0")) {
            List<Node> nodes = nodes(cluster);
            assertThat(nodes).extracting(Node::name).containsExactly("n1", "n2", "n3");
            String token;
            try (Line messi = new Line(nodes.get(0).chat())) {
                token = messi.ask("auth messi surabaya").replaceAll(".*\"tokenid\": \"([^\"]*)\".*", "$1");
            }
            try (Line messi = new Line(nodes.get(1).chat())) {
                assertThat(messi.ask("send " + token + " henderson hola")).contains("Message Sent");
            }
            try (Line henderson = new Line(nodes.get(2).chat())) {
                henderson.ask("auth henderson surabaya");
                assertThat(henderson.ask("inbox")).contains("hola");
            }

            cluster.signal("TERM");

            assertThat(cluster.awaitExit()).isZero();
            assertThat(alive(nodes)).isEmpty();
            assertThat(redis()).isEmpty();
            for (Node node : nodes) {
                assertThat(Files.readString(folder.resolve(node.name() + ".log")))
                        .contains("INFO  stopped");
            }
        }
    }

    @Test
    void nothingOutlivesAKilledParent() throws Exception {
        try (ChildJvm cluster = cluster("2", "--set", "gateway.port=0")) {
            List<Node> nodes = nodes(cluster);
            assertThat(nodes).hasSize(2);
            assertThat(redis()).isNotEmpty();

            cluster.signal("KILL");

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(alive(nodes)).isEmpty();
                assertThat(redis()).isEmpty();
            });
        }
    }

    @Test
    void aSecondInterruptEndsTheNodesAtOnceToo() throws Exception {
        try (ChildJvm cluster = cluster("2", "--set", "gateway.port=0", "--set", "gateway.drain-timeout=2m")) {
            List<Node> nodes = nodes(cluster);
            try (Line waiting = new Line(nodes.get(0).chat())) {
                assertThat(waiting.ask("auth messi surabaya")).contains("OK");

                cluster.signal("INT");
                cluster.awaitLine(line -> line.contains("let go one by one"));
                cluster.signal("INT");

                await().atMost(Duration.ofSeconds(20)).until(() -> alive(nodes).isEmpty());
                await().atMost(PATIENCE).until(() -> redis().isEmpty());
            }
        }
    }

    @Test
    void aNodeLeavesInTimeThoughAnotherHangs() throws Exception {
        try (ChildJvm cluster = cluster("2", "--set", "gateway.port=0")) {
            List<Node> nodes = nodes(cluster);
            ProcessHandle frozen = nodes.get(1).process();
            signal("STOP", frozen);
            try {
                nodes.get(0).process().destroy();

                await().atMost(PATIENCE).until(() -> !nodes.get(0).process().isAlive());
                assertThat(cluster.awaitLine(line -> line.contains("a node ended")))
                        .contains("node=\"n1\"", "status=\"0\"");
            } finally {
                signal("CONT", frozen);
            }
        }
    }

    @Test
    void movesUpWhereAPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ChildJvm cluster = cluster("1", "--port", String.valueOf(taken.getLocalPort()))) {
            assertThat(nodes(cluster).get(0).chat()).isGreaterThan(taken.getLocalPort());
        }
    }

    @Test
    void namesTheCommandThatAddsAnAccountWhereItBringsNone() throws Exception {
        try (ChildJvm cluster = cluster("1", "--set", "gateway.port=0", "--set", "accounts.demo=false")) {
            assertThat(cluster.lines())
                    .contains("accounts  add one: pesan user add alice --management-url http://127.0.0.1:"
                            + nodes(cluster).get(0).management() + " --token-file " + folder.resolve("admin-token"))
                    .anyMatch(line -> line.endsWith("then type: auth alice PASSWORD"))
                    .noneMatch(line -> line.contains("messi"));
        }
    }

    @Test
    void saysWhichNodeCouldNotStartAndLeavesNothingBehind() throws Exception {
        try (ChildJvm cluster =
                launch("2", "--set", "gateway.port=0", "--set", "management.admin-token-file=/nowhere")) {
            assertThat(cluster.awaitLine(line -> line.startsWith("pesan: ")))
                    .matches("pesan: n[12]: management.admin-token-file /nowhere can't be read");
            assertThat(cluster.awaitExit()).isEqualTo(1);
            assertThat(redis()).isEmpty();
        }
    }

    private ChildJvm cluster(String... arguments) throws Exception {
        ChildJvm cluster = launch(arguments);
        cluster.awaitLine(line -> line.contains("ready"));
        return cluster;
    }

    private ChildJvm launch(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("cluster"));
        all.addAll(List.of(arguments));
        for (String setting :
                List.of("management.port=0", "cluster.port=0", "cluster.bus-port=0", "redis.data-dir=" + folder)) {
            all.addAll(List.of("--set", setting));
        }
        return ChildJvm.start(PesanMain.class, all.toArray(String[]::new));
    }

    private static List<Node> nodes(ChildJvm cluster) {
        return cluster.lines().stream()
                .map(NODE::matcher)
                .filter(Matcher::matches)
                .map(node -> new Node(
                        node.group(1),
                        Integer.parseInt(node.group(2)),
                        Integer.parseInt(node.group(3)),
                        ProcessHandle.of(Long.parseLong(node.group(4))).orElseThrow()))
                .toList();
    }

    private static List<String> alive(List<Node> nodes) {
        // One that nobody collects stays in the table of processes, without a program.
        return nodes.stream()
                .filter(node -> node.process().isAlive()
                        && node.process().info().command().isPresent())
                .map(Node::name)
                .toList();
    }

    /** Nodes can't be found so: of a long command line the platform tells nothing. */
    private List<String> redis() {
        return RedisProcesses.of(folder);
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }
}
