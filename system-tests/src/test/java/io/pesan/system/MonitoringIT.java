package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pesan.redis.testing.RedisForTests;
import io.pesan.redis.testing.SlowWay;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
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
        settings.add("gateway.drain-timeout=10s");
        // A client that guesses passwords is there for as long as the walk takes.
        settings.add("gateway.first-auth-timeout=0");
        try (RedisForTests redis = RedisForTests.start();
                SlowWay way = new SlowWay(redis.port());
                ClusterUnderTest nodes = ClusterUnderTest.start(folder, 3, through(way, settings));
                Prometheus watching = Prometheus.watching(folder.resolve("prometheus"), nodes.gateways());
                MixedLoad load = MixedLoad.on(nodes.gateways())) {
            cluster = nodes;
            prometheus = watching;
            everyExpressionReturnsData();

            guessedPasswords(load);
            slowRedis(way);
            deadRedis(redis);
            killedNode();
            drainedNode();
        }
        assertThat(walked).isEqualTo(FaultTable.read().keySet());
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
        // The load has only just begun, and nodes look who is active every five seconds or so: figures take their time.
        eventually("pesan:commands:rate1m", 10, 100_000);
        eventually("pesan:command_seconds:p99{command=\"send\"}", 0.00001, 1);
        eventually("max(pesan_session_active)", 1, 3);
    }

    private void eventually(String expression, double from, double to) {
        eventually(
                expression,
                () -> assertThat(prometheus.query(expression))
                        .singleElement()
                        .satisfies(value -> assertThat(value).isBetween(from, to)));
    }

    private static List<String> ofDashboard() throws IOException {
        JsonArray panels = new JsonObject(Files.readString(Prometheus.DASHBOARD)).getJsonArray("panels");
        return panels.stream()
                .flatMap(panel -> ((JsonObject) panel).getJsonArray("targets", new JsonArray()).stream())
                .map(target -> ((JsonObject) target).getString("expr").replace("$instance", ".*"))
                .toList();
    }

    /** Of an alert what it compares, or misses: on a service that is well the comparison itself has no data. */
    private static List<String> ofRule(JsonObject rule) {
        String expression = rule.getString("query");
        if (rule.getString("type").equals("recording")) {
            return List.of(rule.getString("name"), expression);
        }
        return Stream.of(expression
                        .replaceFirst("^absent\\((.*)\\)$", "$1")
                        .split(" (?:and|or) on \\(job\\) | (?:!=|==|>|<) ", -1))
                .filter(side -> !side.matches("[\\d.]+(?: \\* [\\d.]+)*"))
                .toList();
    }

    // ---- faults --------------------------------------------------------------------------------------------------

    /**
     * What a series looks like.
     *
     * @param before when all is well
     * @param shows during a fault, given what it was before
     */
    private record Sign(
            Predicate<DoubleSummaryStatistics> before,
            BiPredicate<DoubleSummaryStatistics, DoubleSummaryStatistics> shows) {}

    private void guessedPasswords(MixedLoad load) throws IOException {
        walk(
                "a flood of wrong passwords",
                () -> load.guessPasswords(true),
                Map.of("pesan_session_logins_total{outcome=\"password_wrong\"}", grows(100)),
                "lines of one kind were left out",
                began -> load.guessPasswords(false));
    }

    private void slowRedis(SlowWay way) throws IOException {
        walk(
                "Redis is slow",
                () -> way.delay(Duration.ofMillis(200)),
                Map.of("pesan:redis_seconds:p99", new Sign(before -> true, (before, now) -> now.getMax() > 0.1)),
                "Redis answers slowly",
                began -> {
                    await("the log of each node tells it")
                            .atMost(PATIENCE)
                            .until(() -> cluster.gateways().stream()
                                    .allMatch(node -> began.hasLogged(node, "Redis answers slowly")));
                    way.delay(Duration.ZERO);
                    await("the log tells that Redis is well again")
                            .atMost(PATIENCE)
                            .until(() -> cluster.gateways().stream()
                                    .allMatch(node -> began.hasLogged(node, "Redis answers quickly again")));
                });
    }

    private void deadRedis(RedisForTests redis) throws IOException {
        walk(
                "Redis is down",
                redis::stop,
                Map.of(
                        "pesan_redis_connected",
                        new Sign(
                                before -> before.getMin() == 1,
                                (before, now) -> now.getCount() == 3 && now.getMax() == 0),
                        "pesan_gateway_commands_total{outcome=\"unavailable\"}",
                        grows(10)),
                "lost the connection to Redis",
                began -> redis.startAgain());
    }

    private void killedNode() throws IOException {
        walk(
                "`kill -9` of a node",
                () -> cluster.node("n2").kill(),
                Map.of(
                        "up",
                        new Sign(
                                before -> before.getSum() == 3,
                                (before, now) -> now.getSum() == 2 && now.getMin() == 0),
                        "pesan_cluster_members",
                        new Sign(
                                before -> before.getMin() == 3,
                                (before, now) -> now.getCount() == 2 && now.getMax() == 2)),
                "a node left",
                began -> cluster.restart("n2"));
    }

    private void drainedNode() throws IOException {
        walk(
                "a node drains",
                () -> cluster.node("n3").end(),
                Map.of(
                        "pesan_node_draining",
                        new Sign(
                                before -> before.getCount() == 3 && before.getMax() == 0,
                                (before, now) -> now.getMax() == 1),
                        "pesan_gateway_connections_closed_total{reason=\"drain\"}",
                        grows(1)),
                "stopping",
                began -> cluster.node("n3").awaitExit());
    }

    /**
     * Lets a fault come and go: its metrics, its line in the log and its alert appear while it lasts, and the alert at no other
     * time.
     *
     * @param signs of every series that the table's cell names
     */
    private void walk(String fault, Runnable begin, Map<String, Sign> signs, String logLine, Consumer<Moment> end)
            throws IOException {
        FaultTable.Row row = Objects.requireNonNull(FaultTable.read().get(fault), fault);
        assertThat(row.metrics()).as(fault).containsExactlyInAnyOrderElementsOf(signs.keySet());
        assertThat(row.logLines()).as(fault).contains("`" + logLine + "`");
        awaitSilence("before " + fault, row.alert());

        // One scrape that comes too late and a node is not seen for a second.
        Moment began = await("all is well before " + fault)
                .atMost(PATIENCE)
                .until(
                        () -> Moment.of(cluster, prometheus, signs.keySet()),
                        moment -> prometheus.query("up == 1").size() == 3
                                && signs.entrySet().stream()
                                        .allMatch(
                                                sign -> sign.getValue().before().test(moment.series(sign.getKey()))));
        begin.run();
        await(fault + ": " + signs.keySet()).atMost(PATIENCE).until(() -> {
            signs.forEach((series, sign) -> {
                if (sign.shows().test(began.series(series), prometheus.summary(series))) {
                    began.seen().add(series);
                }
            });
            return began.seen().equals(signs.keySet());
        });
        await(fault + ": " + row.alert()).atMost(PATIENCE).until(() -> prometheus.isFiring(row.alert()));
        await(fault + ": log line")
                .atMost(PATIENCE)
                .until(() -> cluster.gateways().stream().anyMatch(node -> began.hasLogged(node, logLine)));
        LOG.info("{}: {} fires after {} s", fault, row.alert(), began.secondsAgo());

        end.accept(began);
        awaitSilence("after " + fault, row.alert());
        LOG.info("{}: over after {} s", fault, began.secondsAgo());
        walked.add(fault);
    }

    private void awaitSilence(String when, String alert) {
        await(alert + " doesn't fire " + when).atMost(PATIENCE).until(() -> !prometheus.isFiring(alert));
    }

    private static Sign grows(int by) {
        return new Sign(before -> true, (before, now) -> now.getSum() >= before.getSum() + by);
    }

    private static void eventually(String what, ThrowingRunnable assertion) {
        await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(assertion);
    }
}
