package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pesan.redis.testing.RedisForTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy that is made while clients send, and what a node finds that is started on it: by the commands of docs/deploying.md. */
class BackupIT {

    private static final DocumentedCommands COPY = DocumentedCommands.in("deploying.md", "--rdb pesan.rdb");
    private static final DocumentedCommands RESTORE = DocumentedCommands.in("deploying.md", "cp pesan.rdb restored");
    private static final DocumentedCommands OWN_REDIS = DocumentedCommands.in("deploying.md", "requirepass");
    private static final DocumentedCommands INTO_OWN_REDIS = DocumentedCommands.in("deploying.md", "redis.before");
    private static final String DATA_DIRECTORY = "/var/lib/pesan";
    private static final String GROUP = "user";
    private static final int USERS = 6;
    private static final int ENOUGH = 2_000;
    private static final List<String> NO_LIMITS =
            List.of("inbox.max-messages=0", "inbox.max-bytes=0", "sessions.per-user=0");

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsRedisTools() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(bin -> Files.isExecutable(Path.of(bin, "redis-check-rdb"))),
                "redis-server is not installed");
    }

    @Test
    void anotherRedisHasWhatWasAcknowledgedBeforeTheCopyBegan() {
        Books books;
        try (ClusterUnderTest cluster = ClusterUnderTest.start(folder, 2)) {
            List<NodeProcess> nodes = cluster.gateways();
            Map<String, String> source =
                    Map.of("HOST", "127.0.0.1", "PORT", "" + cluster.redis().port());
            books = copyUnderLoad(nodes, () -> COPY.run(folder, source));
        }
        RESTORE.run(folder, Map.of());
        try (RedisForTests restored =
                        RedisForTests.start("--dir", folder.resolve("restored").toString());
                NodeProcess node = NodeProcess.start(
                        folder.resolve("elsewhere"), settings("redis.url=redis://127.0.0.1:" + restored.port()))) {
            books.check(node);
        }
    }

    @Test
    void aNodesOwnRedisHasWhatWasAcknowledgedBeforeTheCopyBegan() {
        Path data = folder.resolve("data");
        Books books;
        try (NodeProcess node = NodeProcess.start(data, settings())) {
            books = copyUnderLoad(
                    List.of(node),
                    () -> OWN_REDIS.with(DATA_DIRECTORY, data).then(COPY).run(folder, Map.of()));
        }
        OWN_REDIS
                .then(RESTORE)
                .then(INTO_OWN_REDIS.without("systemctl"))
                .with(DATA_DIRECTORY, data)
                .run(folder, Map.of());
        try (NodeProcess node = NodeProcess.start(data, settings())) {
            books.check(node);
        }
    }

    /** What must be there: each user's session, what had been acknowledged by then, and a session that ends afterwards. */
    private record Books(Traffic traffic, Map<String, Set<Integer>> before, String ended, String endedAfterwards) {

        void check(NodeProcess node) {
            Map<String, Set<Integer>> found = new HashMap<>();
            try (WireClient client = node.connect()) {
                for (int user = 0; user < USERS; user++) {
                    client.readWhatCanBeBySender(traffic.token(user)).forEach((sender, texts) -> {
                        List<Integer> numbers =
                                texts.stream().map(Integer::valueOf).toList();
                        assertThat(numbers).isSorted().doesNotHaveDuplicates();
                        Set<Integer> all = found.computeIfAbsent(sender, none -> new HashSet<>());
                        numbers.forEach(number -> assertThat(all.add(number))
                                .as(sender + "'s " + number + " is in one inbox")
                                .isTrue());
                    });
                }
                before.forEach((sender, numbers) -> {
                    Set<Integer> lost = new HashSet<>(numbers);
                    lost.removeAll(found.getOrDefault(sender, Set.of()));
                    assertThat(lost).as("messages of " + sender).isEmpty();
                });
                // What came after the copy is not in it.
                assertThat(found.values().stream().mapToInt(Set::size).sum()).isLessThan(traffic.acknowledged());
                assertThat(client.ask("listuser " + ended)).contains("ERROR");
                assertThat(client.ask("listuser " + endedAfterwards)).contains("OK");
                assertThat(client.logIn(GROUP + "-0", "secret")).isNotEmpty();
            }
        }
    }

    private static Books copyUnderLoad(List<NodeProcess> nodes, Runnable copy) {
        NodeProcess first = nodes.get(0);
        Traffic.addUsers(first, GROUP, USERS);
        List<Integer> ports =
                new ArrayList<>(nodes.stream().map(NodeProcess::port).toList());
        try (Traffic traffic = new Traffic(GROUP, USERS, Integer.MAX_VALUE, true, () -> {
                            synchronized (ports) {
                                ports.add(ports.remove(0));
                                return ports.get(0);
                            }
                        })
                        .start();
                WireClient client = first.connect()) {
            String ended = client.logIn(GROUP + "-1", "secret");
            String endedAfterwards = client.logIn(GROUP + "-2", "secret");
            assertThat(client.ask("logout " + ended)).contains("OK");
            awaitMore(traffic, ENOUGH);
            Map<String, Set<Integer>> before = traffic.acknowledgedBySender();
            copy.run();
            assertThat(client.ask("logout " + endedAfterwards)).contains("OK");
            awaitMore(traffic, 100);
            traffic.stop();
            assertThat(traffic.refusals()).isEmpty();
            return new Books(traffic, before, ended, endedAfterwards);
        }
    }

    private static void awaitMore(Traffic traffic, int more) {
        int enough = traffic.acknowledged() + more;
        await().atMost(Duration.ofSeconds(60)).until(() -> traffic.acknowledged() >= enough);
    }

    private static List<String> settings(String... more) {
        List<String> all = new ArrayList<>(NO_LIMITS);
        all.addAll(NodeProcess.CHEAP_HASHES);
        all.add("accounts.demo=false");
        all.addAll(List.of(more));
        return all;
    }
}
