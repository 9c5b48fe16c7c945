package io.pesan.system;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes with every role, clients on those that work, and what can befall a node. */
class ClusterFaultsIT {

    private static final int KILLS = Integer.getInteger("pesan.kills", 1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static ClusterUnderTest cluster;
    private static FaultScenario scenario;

    @BeforeAll
    static void start() {
        cluster = ClusterUnderTest.start(folder, 3);
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
    void aNodeIsKilled() {
        try (Traffic traffic = scenario.traffic("killed", "n1", "n2", "n3")) {
            for (int i = 0; i < KILLS; i++) {
                String victim = cluster.names().get((i + 1) % cluster.names().size());
                scenario.awaitFlow(traffic);
                LeasedInbox inbox = LeasedInbox.through(
                        cluster.node(victim),
                        "leased-" + i,
                        "n1".equals(victim) ? cluster.node("n2") : cluster.node("n1"));
                scenario.causeAndAwaitClean(traffic, "kill -9 of one of three", () -> {
                    cluster.node(victim).kill();
                    inbox.checkThatItIsFreeInTime();
                });
                cluster.restart(victim);
            }
            scenario.checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }

    @Test
    void twoOfThreeAreKilledTogether() {
        try (Traffic traffic = scenario.traffic("two-killed", "n1", "n2", "n3")) {
            scenario.awaitFlow(traffic);
            scenario.causeAndAwaitClean(traffic, "kill -9 of two of three", () -> {
                cluster.node("n1").kill();
                cluster.node("n3").kill();
            });
            cluster.restart("n1");
            cluster.restart("n3");
            scenario.checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }

    @Test
    void aNodeFreezesAndThaws() {
        try (Traffic traffic = scenario.traffic("thawed", "n1", "n2");
                Traffic frozen = scenario.traffic("frozen", "n3");
                Traffic leaving = scenario.trafficThatLeaves("leaving", "n3", "n1", "n2")) {
            scenario.awaitFlow(traffic);
            scenario.awaitFlow(frozen);
            scenario.awaitFlow(leaving);
            scenario.causeAndAwaitClean(
                    traffic, "SIGSTOP of one of three", () -> cluster.node("n3").freeze());
            scenario.awaitFlow(leaving);
            scenario.sitOut(FaultScenario.UNTIL_GIVEN_UP);
            scenario.causeAndAwaitClean(
                    traffic, "SIGCONT of one of three", () -> cluster.node("n3").thaw());
            scenario.checkThatAllReachAll();
            traffic.stop();
            frozen.stop();
            leaving.stop();
            traffic.checkBooks();
            // What lay in the sockets of the node that was frozen would stand behind what was sent elsewhere since.
            leaving.checkBooks();
            // They had commands under way when it froze, and went on when it woke. (What a service makes of commands
            // that
            // it froze with is seen where gateways are other nodes: RolesApartIT.)
            frozen.checkBooks();
        }
    }

    @Test
    void theNetworkIsSplitAndHeals() {
        try (Traffic traffic = scenario.traffic("split", "n1", "n2", "n3")) {
            scenario.awaitFlow(traffic);
            scenario.causeAndAwaitClean(
                    traffic,
                    "a split of one from two",
                    () -> cluster.network().split(Set.of("n1"), Set.of("n2", "n3")));
            scenario.sitOut(FaultScenario.UNTIL_GIVEN_UP);
            scenario.causeAndAwaitClean(
                    traffic, "healing of the split", () -> cluster.network().heal());
            scenario.checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }
}
