package io.pesan.contract.bus;

import io.pesan.contract.bus.proto.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which nodes offer which route, as far as they showed themselves lately. Owned by one event loop; as large as the
 * cluster.
 */
public final class ServiceNodes {

    /** A node that was not seen for so long is taken for gone: four notices in a row were lost, or it is frozen. */
    public static final Duration FORGOTTEN_AFTER = Duration.ofMillis(4 * PresenceBoard.INTERVAL_MILLIS);

    private record Seen(Set<String> routes, long atNanos) {}

    private final Map<String, Seen> nodes = new HashMap<>();

    /**
     * Takes notice of what a node shows.
     *
     * @param nowNanos as {@link System#nanoTime}
     */
    public void see(Presence presence, long nowNanos) {
        if (presence.getLeaving()) {
            nodes.remove(presence.getNodeId());
        } else {
            nodes.put(presence.getNodeId(), new Seen(Set.copyOf(presence.getRoutesList()), nowNanos));
        }
    }

    /** The addresses of the routes that each node offers, by the nodes' names. */
    public Map<String, Set<String>> all(long nowNanos) {
        forget(nowNanos);
        Map<String, Set<String>> all = new TreeMap<>();
        nodes.forEach((nodeId, seen) -> all.put(nodeId, seen.routes()));
        return all;
    }

    private void forget(long nowNanos) {
        nodes.values().removeIf(seen -> nowNanos - seen.atNanos() > FORGOTTEN_AFTER.toNanos());
    }

    /** Names of the nodes that offer a route, in no particular order. */
    public List<String> offering(Route<?, ?> route, long nowNanos) {
        forget(nowNanos);
        List<String> offering = new ArrayList<>();
        nodes.forEach((nodeId, seen) -> {
            if (seen.routes().contains(route.address())) {
                offering.add(nodeId);
            }
        });
        return offering;
    }
}
