package io.pesan.node.management;

import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.ServiceNodes;
import io.pesan.redis.RedisLink;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the node works, has started, and wants clients. Each answer names every check that it rests on, with {@code up}
 * or what is wrong. Owned by the management verticle's event loop.
 */
final class Health {

    private static final String UP = "up";

    private final Surroundings around;
    private final @Nullable RedisLink redis;
    private final ServiceNodes nodes;

    /**
     * @param redis null: the node uses none
     * @param nodes what other nodes show
     */
    Health(Surroundings around, @Nullable RedisLink redis, ServiceNodes nodes) {
        this.around = around;
        this.redis = redis;
        this.nodes = nodes;
    }

    /** The process works: every event loop turns. */
    Answer live() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("event-loops", orUp(around.beats().complaint(System.nanoTime())));
        return answer(checks);
    }

    /** Once up, always up. */
    Answer started() {
        return answer(Map.of("node", around.phase().get() == NodePhase.STARTING ? "starting" : UP));
    }

    /** A load balancer may send clients here. */
    Answer ready() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put(
                "node",
                switch (around.phase().get()) {
                    case STARTING -> "starting";
                    case DRAINING -> "draining";
                    case RUNNING -> UP;
                });
        if (redis != null) {
            checks.put("redis", orUp(complaintOf(redis, around.links())));
        }
        if (!around.needed().isEmpty()) {
            checks.put("services", orUp(missingServices()));
        }
        return answer(checks);
    }

    private static @Nullable String complaintOf(RedisLink redis, ServiceLinks links) {
        if (redis.isUp()) {
            return links.complaint();
        }
        return redis.isConnected() ? "Redis refuses calls" : "Redis does not answer";
    }

    private @Nullable String missingServices() {
        long now = System.nanoTime();
        String missing = around.needed().stream()
                .filter(route -> nodes.offering(route, now).isEmpty())
                .map(Route::address)
                .collect(Collectors.joining(", "));
        return missing.isEmpty() ? null : "no node offers " + missing;
    }

    private Answer answer(Map<String, String> checks) {
        boolean up = checks.values().stream().allMatch(UP::equals);
        JsonObject body = new JsonObject().put("status", up ? UP : "down");
        if (around.members() != null) {
            body.put("members", around.members().getAsInt());
        }
        JsonObject named = new JsonObject();
        checks.forEach(named::put);
        return new Answer(up ? Answer.OK : Answer.UNAVAILABLE, body.put("checks", named));
    }

    private static String orUp(@Nullable String complaint) {
        return complaint == null ? UP : complaint;
    }
}
