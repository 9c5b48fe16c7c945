package io.pesan.contract.bus;

import io.pesan.contract.bus.proto.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    /** Names of the nodes that offer a route, in no particular order. */
    public List<String> offering(Route<?, ?> route, long nowNanos) {
        nodes.values().removeIf(seen -> nowNanos - seen.atNanos() > FORGOTTEN_AFTER.toNanos());
        List<String> offering = new ArrayList<>();
        nodes.forEach((nodeId, seen) -> {
            if (seen.routes().contains(route.address())) {
                offering.add(nodeId);
            }
        });
        return offering;
    }
}
