package io.pesan.system;

import java.time.Duration;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where things stood when a fault began, so that only what came since counts.
 *
 * @param logged how much each node had printed; one that was started since had printed nothing
 * @param before what each series was
 * @param seen series that have shown the fault since
 */
record Moment(
        long nanos, Map<NodeProcess, Integer> logged, Map<String, DoubleSummaryStatistics> before, Set<String> seen) {

    static Moment of(ClusterUnderTest cluster, Prometheus prometheus, Collection<String> series) {
        Map<NodeProcess, Integer> logged = new HashMap<>();
        cluster.gateways().forEach(node -> logged.put(node, node.output().length()));
        Map<String, DoubleSummaryStatistics> before = new HashMap<>();
        series.forEach(name -> before.put(name, prometheus.summary(name)));
        return new Moment(System.nanoTime(), logged, before, new TreeSet<>());
    }

    DoubleSummaryStatistics series(String name) {
        return Objects.requireNonNull(before.get(name), name);
    }

    /** Whether a node has written a line with exactly this message since. */
    boolean hasLogged(NodeProcess node, String message) {
        return node.output().substring(logged.getOrDefault(node, 0)).contains("\"message\":\"" + message + "\"");
    }

    long secondsAgo() {
        return Duration.ofNanos(System.nanoTime() - nanos).toSeconds();
    }
}
