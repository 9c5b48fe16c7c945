package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of each role: every command crosses the bus, and its service may fail under it. */
class RolesApartIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static ClusterUnderTest cluster;
    private static FaultScenario scenario;

    @BeforeAll
    static void start() {
        Map<String, String> roles = new LinkedHashMap<>();
        Stream.of("s1", "s2").forEach(node -> roles.put(node, "session"));
        Stream.of("i1", "i2").forEach(node -> roles.put(node, "inbox"));
        Stream.of("g1", "g2").forEach(node -> roles.put(node, "gateway"));
        cluster = ClusterUnderTest.start(folder, roles);
        scenario = new FaultScenario(cluster);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void mend() {
        cluster.makeWhole();
    }

    @Test
    void aNodeOfEachServiceIsKilled() {
        try (Traffic traffic = scenario.traffic("killed", "g1", "g2")) {
            scenario.awaitFlow(traffic);
            scenario.causeAndAwaitClean(
                    traffic,
                    "kill -9 of one of two inbox nodes",
                    () -> cluster.node("i1").kill());
            cluster.restart("i1");
            scenario.causeAndAwaitClean(
                    traffic,
                    "kill -9 of one of two session nodes",
                    () -> cluster.node("s2").kill());
            assertThatLogInsWork();
            cluster.restart("s2");
            scenario.checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }

    @Test
    void aServiceFreezesWithCommandsInItsHands() {
        try (Traffic traffic = scenario.traffic("thawed", "g1", "g2")) {
            scenario.awaitFlow(traffic);
            scenario.causeAndAwaitClean(
                    traffic,
                    "SIGSTOP of one of two inbox nodes",
                    () -> cluster.node("i1").freeze());
            scenario.sitOut(FaultScenario.UNTIL_LATE);
            scenario.causeAndAwaitClean(
                    traffic,
                    "SIGCONT of one of two inbox nodes",
                    () -> cluster.node("i1").thaw());
            scenario.checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }

    @Test
    void gatewaysAreCutOffFromHalfOfTheServices() {
        try (Traffic traffic = scenario.traffic("cut-off", "g1", "g2")) {
            scenario.awaitFlow(traffic);
            scenario.causeAndAwaitClean(
                    traffic,
                    "a cut between the gateways and half of the services",
                    () -> cluster.network().split(Set.of("g1", "g2"), Set.of("i1", "s1")));
            assertThatLogInsWork();
            scenario.sitOut(FaultScenario.UNTIL_LATE);
            scenario.causeAndAwaitClean(
                    traffic, "healing of the cut", () -> cluster.network().heal());
            scenario.checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }

    @Test
    void anInboxNodeIsSlowToAnswerAndThenLosesItsConnections() {
        try (Traffic traffic = scenario.traffic("delayed", "g1", "g2")) {
            scenario.awaitFlow(traffic);
            double slowBefore = accepted("i1");
            double quickBefore = accepted("i2");
            scenario.causeAndAwaitClean(
                    traffic,
                    "a delay of 300 ms on the way back from one of two inbox nodes",
                    () -> Stream.of("g1", "g2")
                            .forEach(gateway -> cluster.network().delay("i1", gateway, Duration.ofMillis(300))));
            assertThat(accepted("i1") - slowBefore).isLessThan((accepted("i2") - quickBefore) / 4);
            scenario.causeAndAwaitClean(
                    traffic,
                    "a reset of its connections",
                    () -> cluster.network().drop("i1"));
            cluster.network().heal();
            scenario.checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }

    private double accepted(String node) {
        return MetricsPage.of(cluster.node(node)).sum("pesan_inbox_messages_accepted_total");
    }

    private void assertThatLogInsWork() {
        try (WireClient client = cluster.node("g1").connect()) {
            await("log-ins work")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(client.ask("auth messi surabaya")).startsWith("{\"status\": \"OK\""));
        }
    }
}
