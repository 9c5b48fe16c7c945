package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.node.metrics.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster goes from this build to a later one, node by node and under load, and back again. The two differ in fields of bus
 * messages, which the later one counts; {@code .ci/upgrade} builds it. Two nodes of each role: every command crosses the bus.
 */
class RollingUpgradeIT {

    private static final Logger LOG = LoggerFactory.getLogger(RollingUpgradeIT.class);
    private static final String LATER_ARCHIVE = "pesan.later-archive";
    private static final int USERS = 12;
    private static final int READERS = 4;
    /** What the later build alone counts. */
    private static final String SENDS = "pesan_inbox_sends_total";

    private static final String REPLIES = "pesan_bus_replies_total";
    private static final String STORED = "pesan_inbox_messages_accepted_total";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Messages or batches that show that something works. */
    private static final int ENOUGH = 200;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    /** For each test, so that one that is skipped is counted as such. */
    @BeforeEach
    void needsAnotherBuildAndHaProxy() {
        Assumptions.assumeTrue(
                System.getProperty(LATER_ARCHIVE) != null,
                "no other build is given: .ci/upgrade makes one and runs this");
        Assumptions.assumeTrue(HaProxy.isInstalled(), "haproxy is not installed");
    }

    @Test
    void noCommandFailsOnTheWayUpNorOnTheWayBack() throws IOException {
        Path present = UnpackedArchive.in(Files.createDirectory(folder.resolve("present")))
                .script();
        Path later = UnpackedArchive.of(
                        Path.of(Objects.requireNonNull(System.getProperty(LATER_ARCHIVE))),
                        Files.createDirectory(folder.resolve("later")))
                .script();
        Map<String, String> roles = new LinkedHashMap<>();
        Stream.of("s1", "s2").forEach(node -> roles.put(node, "session"));
        Stream.of("i1", "i2").forEach(node -> roles.put(node, "inbox"));
        Stream.of("g1", "g2").forEach(node -> roles.put(node, "gateway"));
        try (ClusterUnderTest cluster = ClusterUnderTest.start(folder, present, roles, "gateway.drain-timeout=3s");
                HaProxy proxy = HaProxy.before(folder, cluster.gateways())) {
            Traffic.addUsers(cluster.node("s1"), "user", USERS);
            try (Traffic traffic = new Traffic("user", USERS, Integer.MAX_VALUE, true, proxy::port);
                    TaggedTraffic tagged = new TaggedTraffic(proxy::port)) {
                traffic.start().alsoRead(READERS);
                tagged.start();
                long startNanos = System.nanoTime();
                Upgrade upgrade = new Upgrade(cluster);
                Map<String, List<String>> before = upgrade.nodesByVersion();
                assertThat(before).hasSize(1);

                // The services first: old gateways ask new services as well.
                upgrade.replace(later, "i1", "s1", "g1");
                upgrade.checkThatAllPairsTalk("g1", "i1", "g2", "i2");
                upgrade.replace(later, "i2", "s2", "g2");
                upgrade.checkThatOnlyTheLaterBuildTalks();
                assertThat(upgrade.nodesByVersion()).hasSize(1).doesNotContainKeys(version(before));

                // The gateways first: so that the order does not matter.
                upgrade.replace(present, "g1", "s1", "i1");
                upgrade.checkThatAllPairsTalk("g2", "i2", "g1", "i1");
                upgrade.replace(present, "g2", "s2", "i2");
                assertThat(upgrade.nodesByVersion()).isEqualTo(before);

                checkTheBooks(traffic, tagged, startNanos);
            }
        }
        assertThat(errorsLogged()).isEmpty();
    }

    private static String version(Map<String, List<String>> nodes) {
        return nodes.keySet().iterator().next();
    }

    private static void checkTheBooks(Traffic traffic, TaggedTraffic tagged, long startNanos) {
        tagged.finishSending();
        await("what was sent has arrived")
                .atMost(Duration.ofSeconds(20))
                .until(() -> tagged.received() >= tagged.sent());
        traffic.stop();
        LOG.info(
                "rolling upgrade and back: {} messages, {} connections broken before a reply; slowest answer {} ms; with tags {} messages, {} connections broken, pushed after {} ms in the median",
                traffic.acknowledged(),
                traffic.breaks(),
                traffic.slowestSince(startNanos).toMillis(),
                tagged.sent(),
                tagged.breaks(),
                tagged.medianDelay().toMillis());
        assertThat(traffic.refusals()).isEmpty();
        assertThat(tagged.failures()).isEmpty();
        assertThat(tagged.received()).isEqualTo(tagged.sent());
        assertThat(tagged.medianDelay()).as("nodes are told of messages").isLessThan(Duration.ofSeconds(1));
        // A connection may end before a command is answered, if the node has not carried it out.
        assertThat(traffic.checkBooks()).as("carried out and not answered").isZero();
    }

    private List<String> errorsLogged() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .flatMap(RollingUpgradeIT::lines)
                    .filter(line -> line.contains("\"level\":\"ERROR\""))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What is done to the nodes, and what they are seen to do. */
    private record Upgrade(ClusterUnderTest cluster) {

        /** One after the other, the next one when the one before has work again. */
        void replace(Path script, String... nodes) {
            for (String node : nodes) {
                assertThat(cluster.node(node).stop()).as(node).isZero();
                cluster.restart(node, script);
                awaitWork(node);
            }
        }

        private void awaitWork(String node) {
            await(node + " has work").atMost(PATIENCE).until(() -> {
                Samples samples = MetricsPage.of(cluster.node(node));
                return switch (node.charAt(0)) {
                    case 'g' -> samples.sum("pesan_gateway_commands_total", "outcome", "ok") > ENOUGH;
                    case 'i' -> samples.sum(STORED) > ENOUGH;
                    default -> samples.sum("pesan_session_logins_total", "outcome", "ok") > 0;
                };
            });
        }

        Map<String, List<String>> nodesByVersion() {
            return cluster.names().stream()
                    .collect(Collectors.groupingBy(node -> MetricsPage.of(cluster.node(node))
                            .of("pesan_build_info")
                            .findFirst()
                            .orElseThrow()
                            .label("version")));
        }

        /** Each gateway has batches carried out by each inbox node, of its own build and of the other. */
        void checkThatAllPairsTalk(String laterGateway, String laterInbox, String olderGateway, String olderInbox) {
            Map<String, List<String>> versions = nodesByVersion();
            LOG.info("two builds in one cluster: {}", versions);
            assertThat(versions.values()).extracting(List::size).containsExactly(3, 3);
            // These know nothing of the fields.
            assertThat(MetricsPage.of(cluster.node(olderGateway)).of(REPLIES)).isEmpty();
            assertThat(MetricsPage.of(cluster.node(olderInbox)).of(SENDS)).isEmpty();
            Fields sends = fields(laterInbox, SENDS);
            Fields replies = fields(laterGateway, REPLIES);
            double older = MetricsPage.of(cluster.node(olderInbox)).sum(STORED);
            await("batches go from each build to each").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(fields(laterInbox, SENDS).isMoreThan(sends)).isTrue();
                assertThat(fields(laterGateway, REPLIES).isMoreThan(replies)).isTrue();
                assertThat(MetricsPage.of(cluster.node(olderInbox)).sum(STORED)).isGreaterThan(older + ENOUGH);
            });
            LOG.info(
                    "{} was sent messages with and without the fields: {}; {} was answered with and without: {}",
                    laterInbox,
                    fields(laterInbox, SENDS),
                    laterGateway,
                    fields(laterGateway, REPLIES));
        }

        void checkThatOnlyTheLaterBuildTalks() {
            for (String node : cluster.names()) {
                String metric = node.startsWith("i") ? SENDS : node.startsWith("g") ? REPLIES : "";
                if (!metric.isEmpty()) {
                    Fields before = fields(node, metric);
                    await(node + " has work")
                            .atMost(PATIENCE)
                            .until(() -> fields(node, metric).told() > before.told() + ENOUGH);
                    assertThat(fields(node, metric).untold()).isEqualTo(before.untold());
                }
            }
        }

        private Fields fields(String node, String metric) {
            Samples samples = MetricsPage.of(cluster.node(node));
            return new Fields(told(samples, metric, "told"), told(samples, metric, "untold"));
        }

        private static double told(Samples samples, String metric, String fields) {
            return samples.sum(
                    metric,
                    sample -> sample.label("fields").equals(fields)
                            && !sample.label("route").equals("session"));
        }
    }

    /**
     * How many messages of the bus the later build has got.
     *
     * @param told with the fields that it knows
     * @param untold without
     */
    private record Fields(double told, double untold) {

        boolean isMoreThan(Fields before) {
            return told > before.told + ENOUGH && untold > before.untold + ENOUGH;
        }
    }
}
