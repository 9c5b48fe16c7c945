package io.pesan.system;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps of what befalls a cluster under traffic, and what is expected after each. */
final class FaultScenario {

    /** Longer than the 15 s after which the cluster's membership takes a silent node for gone. */
    static final Duration UNTIL_GIVEN_UP = Duration.ofSeconds(Integer.getInteger("pesan.freeze-seconds", 20));

    /** Longer than any deadline of what a service may have had in its hands, and than a lease. */
    static final Duration UNTIL_LATE = Duration.ofSeconds(Integer.getInteger("pesan.freeze-seconds", 6));

    private static final int USERS = 12;

    private static final Logger LOG = LoggerFactory.getLogger(FaultScenario.class);
    private static final int READERS = 4;
    private static final Duration CLEAN_WITHIN = Duration.ofMinutes(1);
    private static final Duration QUIET = Duration.ofSeconds(2);
    /** More than the 5 s in which each command is to be answered. */
    private static final Duration LEAVING = Duration.ofSeconds(6);

    private final ClusterUnderTest cluster;
    private long latestCauseNanos;

    FaultScenario(ClusterUnderTest cluster) {
        this.cluster = cluster;
    }

    /**
     * Clients of these nodes that write to each other, and some that read.
     *
     * @param group that no other traffic has: their accounts are added
     */
    Traffic traffic(String group, String... nodes) {
        Traffic.addUsers(cluster.anyWithAccounts(), group, USERS);
        return new Traffic(group, USERS, Integer.MAX_VALUE, true, anyOf(nodes))
                .start()
                .alsoRead(READERS);
    }

    /**
     * Clients that write to each other, each at first through one node; when that does not answer any more they leave it
     * and go to others, as people do.
     *
     * @param group that no other traffic has: their accounts are added
     */
    Traffic trafficThatLeaves(String group, String first, String... others) {
        Traffic.addUsers(cluster.anyWithAccounts(), group, USERS);
        AtomicInteger connections = new AtomicInteger();
        IntSupplier any = anyOf(others);
        // Each logs in on a connection of its own before it has the one that it sends on.
        return new Traffic(
                        group,
                        USERS,
                        Integer.MAX_VALUE,
                        false,
                        () -> connections.incrementAndGet() <= 2 * USERS
                                ? cluster.node(first).port()
                                : any.getAsInt())
                .withPatience(LEAVING)
                .start();
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

    void awaitFlow(Traffic traffic) {
        int before = traffic.acknowledged();
        await("messages flow").atMost(CLEAN_WITHIN).until(() -> traffic.acknowledged() > before + 500);
    }

    /** Does something and waits until no command has failed for two seconds; says how long the last one did after it. */
    void causeAndAwaitClean(Traffic traffic, String what, Runnable fault) {
        int before =
                traffic.refusals().values().stream().mapToInt(Integer::intValue).sum();
        long start = System.nanoTime();
        latestCauseNanos = start;
        fault.run();
        await("traffic is clean after " + what)
                .atMost(CLEAN_WITHIN)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> Duration.ofNanos(System.nanoTime() - start)
                                .minus(traffic.lastTroubleAfter(start))
                                .compareTo(QUIET)
                        > 0);
        awaitFlow(traffic);
        LOG.info(
                "{}: {} commands failed, the last one after {} ms; slowest answer {} ms",
                what,
                traffic.refusals().values().stream().mapToInt(Integer::intValue).sum() - before,
                traffic.lastTroubleAfter(start).toMillis(),
                traffic.slowestSince(start).toMillis());
    }

    /** Waits until the latest fault has lasted for so long. */
    void sitOut(Duration time) {
        await().atMost(time.plusSeconds(60)).until(() -> System.nanoTime() - latestCauseNanos > time.toNanos());
    }

    void checkThatAllReachAll() {
        long start = System.nanoTime();
        await("every node reaches every other's services")
                .atMost(CLEAN_WITHIN)
                .until(() -> cluster.names().stream()
                        .allMatch(node -> cluster.node(node).reaches(cluster.names())));
        LOG.info("every node reaches every other's services after {} ms", (System.nanoTime() - start) / 1_000_000);
    }
}
