package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pesan.node.metrics.Samples;
import io.pesan.redis.testing.RedisForTests;
import io.pesan.redis.testing.SlowWay;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real Prometheus that watches real nodes under load, through everything that the table of faults names. */
class MonitoringIT {

    private static final Logger LOG = LoggerFactory.getLogger(MonitoringIT.class);
    private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final Set<String> walked = new TreeSet<>();

    @SuppressWarnings("NullAway.Init") // the test begins with it
    private ClusterUnderTest cluster;

    @SuppressWarnings("NullAway.Init") // the test begins with it
    private Prometheus prometheus;

    @Test
    void everyExpressionReturnsDataAndEveryFaultShows() throws IOException {
        assumeTrue(Prometheus.isInstalled(), "prometheus is not installed (package prometheus)");
        assumeTrue(BusCertificate.canBeMade(), "openssl is not installed");
        List<String> settings = new ArrayList<>(BusCertificate.in(folder));
        settings.add("gateway.drain-timeout=20s");
        try (RedisForTests redis = RedisForTests.start();
                SlowWay way = new SlowWay(redis.port());
                ClusterUnderTest nodes = ClusterUnderTest.start(folder, 3, through(way, settings));
                Prometheus watching = Prometheus.watching(folder.resolve("prometheus"), nodes.gateways());
                MixedLoad load = MixedLoad.on(nodes.gateways())) {
            cluster = nodes;
            prometheus = watching;
            everyExpressionReturnsData();

            load.guessPasswords(true);
            shows(
                    "a flood of wrong passwords",
                    "PesanWrongPasswords",
                    "lines of one kind were left out",
                    samples -> samples.sum("pesan_session_logins_total", "outcome", "password_wrong") > 100);
            load.guessPasswords(false);

            way.delay(Duration.ofMillis(200));
            shows("Redis is slow", "PesanRedisSlow", "Redis answers slowly", MonitoringIT::someCallWasSlow);
            way.delay(Duration.ZERO);
            await("the log tells that Redis is well again")
                    .atMost(PATIENCE)
                    .until(() -> cluster.gateways().stream()
                            .allMatch(node -> node.output().contains("Redis answers quickly again")));

            redis.stop();
            shows(
                    "Redis is down",
                    "PesanRedisDown",
                    "lost the connection to Redis",
                    samples -> samples.sum("pesan_redis_connected") == 0
                            && samples.sum("pesan_gateway_commands_total", "outcome", "unavailable") > 0);
            redis.startAgain();
            await("the alert for Redis resolves").atMost(PATIENCE).until(() -> !prometheus.isFiring("PesanRedisDown"));

            cluster.node("n2").kill();
            shows(
                    "`kill -9` of a node",
                    "PesanNodeDown",
                    "a node left",
                    samples -> samples.sum("pesan_cluster_members") == 4);
            cluster.restart("n2");
            await("the alert for the node resolves")
                    .atMost(PATIENCE)
                    .until(() -> !prometheus.isFiring("PesanNodeDown"));

            cluster.node("n3").end();
            shows(
                    "a node drains",
                    "PesanNodeDraining",
                    "drain the gateways",
                    samples -> prometheus
                                    .query("pesan_gateway_connections_closed_total{reason=\"drain\"} > 0")
                                    .size()
                            > 0);
            cluster.node("n3").awaitExit();
        }
        assertThat(walked).isEqualTo(tableOfFaults().keySet());
    }

    private static String[] through(SlowWay way, List<String> settings) {
        return Stream.concat(Stream.of("redis.url=redis://127.0.0.1:" + way.port()), settings.stream())
                .toArray(String[]::new);
    }

    // ---- expressions ---------------------------------------------------------------------------------------------

    private void everyExpressionReturnsData() throws IOException {
        List<String> expressions = new ArrayList<>(ofDashboard());
        prometheus.rules().forEach(rule -> expressions.addAll(ofRule(rule)));
        LOG.info("{} expressions", expressions.size());
        for (String expression : expressions) {
            eventually(
                    "data of " + expression,
                    () -> assertThat(prometheus.query(expression))
                            .filteredOn(value -> !value.isNaN())
                            .isNotEmpty()
                            .allSatisfy(value -> assertThat(value).isFinite().isGreaterThanOrEqualTo(0)));
        }
        assertThat(prometheus.query("pesan:commands:rate1m"))
                .singleElement()
                .satisfies(rate -> assertThat(rate).isBetween(10.0, 100_000.0));
        assertThat(prometheus.query("pesan:command_seconds:p99{command=\"send\"}"))
                .singleElement()
                .satisfies(seconds -> assertThat(seconds).isBetween(0.00001, 1.0));
        assertThat(prometheus.query("max(pesan_session_active)"))
                .first()
                .satisfies(active -> assertThat(active).isBetween(1.0, 3.0));
    }

    private static List<String> ofDashboard() throws IOException {
        JsonArray panels = new JsonObject(Files.readString(Prometheus.DASHBOARD)).getJsonArray("panels");
        return panels.stream()
                .flatMap(panel -> ((JsonObject) panel).getJsonArray("targets", new JsonArray()).stream())
                .map(target -> ((JsonObject) target).getString("expr").replace("$instance", ".*"))
                .toList();
    }

    /** Of an alert what it compares: on a service that is well the comparison itself has no data. */
    private static List<String> ofRule(JsonObject rule) {
        String expression = rule.getString("query");
        if (rule.getString("type").equals("recording")) {
            return List.of(rule.getString("name"), expression);
        }
        return Stream.of(expression.split(" (?:and|or) on \\(job\\) | (?:!=|==|>|<) ", -1))
                .filter(side -> !side.matches("[\\d.]+(?: \\* [\\d.]+)*"))
                .toList();
    }

    // ---- faults --------------------------------------------------------------------------------------------------

    private void shows(String fault, String alert, String logLine, Predicate<Samples> metric) throws IOException {
        assertThat(tableOfFaults().get(fault)).isNotNull().satisfies(row -> {
            assertThat(row.logLines()).contains("`" + logLine + "`");
            assertThat(row.alert()).isEqualTo(alert);
        });
        long began = System.nanoTime();
        await(fault + ": " + alert).atMost(PATIENCE).until(() -> prometheus.isFiring(alert));
        List<NodeProcess> alive =
                cluster.gateways().stream().filter(NodeProcess::isAlive).toList();
        await(fault + ": metric").atMost(PATIENCE).until(() -> metric.test(MetricsPage.of(alive)));
        await(fault + ": log line")
                .atMost(PATIENCE)
                .until(() -> cluster.gateways().stream()
                        .anyMatch(node -> node.output().contains(logLine)));
        LOG.info(
                "{}: {} fired after {} s",
                fault,
                alert,
                Duration.ofNanos(System.nanoTime() - began).toSeconds());
        walked.add(fault);
    }

    private static boolean someCallWasSlow(Samples samples) {
        return samples.sum("pesan_redis_command_seconds_count", "outcome", "ok")
                > samples.sum("pesan_redis_command_seconds_bucket", "le", "0.1");
    }

    /** What shows a fault, as the table has it. */
    private record Row(String logLines, String alert) {}

    private static Map<String, Row> tableOfFaults() throws IOException {
        Map<String, Row> faults = new TreeMap<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(OPERATIONS)) {
            inTable = line.startsWith("| fault |") || (inTable && line.startsWith("|"));
            if (inTable && !line.startsWith("| fault |") && !line.startsWith("|---")) {
                String[] cells = line.split("\\s*\\|\\s*", -1);
                faults.put(cells[1], new Row(cells[3], cells[4]));
            }
        }
        return faults;
    }

    private static void eventually(String what, ThrowingRunnable assertion) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
    }
}
