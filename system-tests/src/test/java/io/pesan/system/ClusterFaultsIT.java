package io.pesan.system;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three nodes, clients on those that work, and what can befall a node. */
class ClusterFaultsIT {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterFaultsIT.class);
    private static final int USERS = 12;
    private static final Duration CLEAN_WITHIN = Duration.ofSeconds(30);
    /** Longer than the 15 s after which the cluster's membership takes a silent node for gone. */
    private static final Duration FREEZE = Duration.ofSeconds(Integer.getInteger("pesan.freeze-seconds", 20));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private ClusterUnderTest cluster;

    @BeforeEach
    void start() {
        cluster = ClusterUnderTest.start(folder, 3);
        Traffic.addUsers(cluster.node("n1"), "user", USERS);
        Traffic.addUsers(cluster.node("n1"), "other", USERS);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aNodeIsKilled() {
        try (Traffic traffic = traffic("user", "n1", "n2", "n3")) {
            awaitFlow(traffic);
            cluster.node("n2").kill();
            awaitCleanSince(traffic, System.nanoTime(), "kill -9 of one of three");
            cluster.restart("n2");
            checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }

    @Test
    void twoOfThreeAreKilledTogether() {
        try (Traffic traffic = traffic("user", "n1", "n2", "n3")) {
            awaitFlow(traffic);
            cluster.node("n1").kill();
            cluster.node("n3").kill();
            awaitCleanSince(traffic, System.nanoTime(), "kill -9 of two of three");
            cluster.restart("n1");
            cluster.restart("n3");
            checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }

    @Test
    void aNodeFreezesAndThaws() {
        try (Traffic traffic = traffic("user", "n1", "n2");
                Traffic frozen = traffic("other", "n3")) {
            awaitFlow(traffic);
            awaitFlow(frozen);
            cluster.node("n3").freeze();
            long since = System.nanoTime();
            awaitCleanSince(traffic, since, "SIGSTOP of one of three");
            await().pollDelay(FREEZE).atMost(FREEZE.plusSeconds(10)).until(() -> true);
            cluster.node("n3").thaw();
            awaitCleanSince(traffic, System.nanoTime(), "SIGCONT after " + FREEZE.toSeconds() + " s");
            checkThatAllReachAll();
            traffic.stop();
            frozen.stop();
            traffic.checkBooks();
            // They had commands under way when it froze: none was stored behind what they sent afterwards.
            frozen.checkBooks();
        }
    }

    @Test
    void theNetworkIsSplitAndHeals() {
        try (Traffic traffic = traffic("user", "n1", "n2", "n3")) {
            awaitFlow(traffic);
            cluster.network().split(Set.of("n1"), Set.of("n2", "n3"));
            awaitCleanSince(traffic, System.nanoTime(), "a network split");
            await().pollDelay(FREEZE).atMost(FREEZE.plusSeconds(10)).until(() -> true);
            cluster.network().heal();
            awaitCleanSince(traffic, System.nanoTime(), "healing after " + FREEZE.toSeconds() + " s");
            checkThatAllReachAll();
            traffic.stop();
            traffic.checkBooks();
        }
    }

    private Traffic traffic(String group, String... nodes) {
        return new Traffic(group, USERS, Integer.MAX_VALUE, true, anyOf(nodes)).start();
    }

    private IntSupplier anyOf(String... names) {
        return () -> {
            List<NodeProcess> alive = List.of(names).stream()
                    .map(cluster::node)
                    .filter(NodeProcess::isAlive)
                    .toList();
            return alive.get(ThreadLocalRandom.current().nextInt(alive.size())).port();
        };
    }

    private static void awaitFlow(Traffic traffic) {
        int before = traffic.acknowledged();
        await("messages flow").atMost(CLEAN_WITHIN).until(() -> traffic.acknowledged() > before + 500);
    }

    /** Waits until no command has failed for three seconds, and says how long after the fault the last one did. */
    private static void awaitCleanSince(Traffic traffic, long fault, String what) {
        await("traffic is clean after " + what)
                .atMost(CLEAN_WITHIN)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> System.nanoTime()
                                - fault
                                - traffic.lastTroubleAfter(fault).toNanos()
                        > Duration.ofSeconds(3).toNanos());
        awaitFlow(traffic);
        LOG.info(
                "{}: the last command failed after {} ms; refusals {}; broken connections {}",
                what,
                traffic.lastTroubleAfter(fault).toMillis(),
                traffic.refusals(),
                traffic.breaks());
    }

    private void checkThatAllReachAll() {
        await("every node reaches every other's services")
                .atMost(CLEAN_WITHIN)
                .until(() -> cluster.names().stream()
                        .allMatch(node -> cluster.node(node).reaches(cluster.names())));
    }
}
