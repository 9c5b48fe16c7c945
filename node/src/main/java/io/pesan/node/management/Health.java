package io.pesan.node.management;

import io.pesan.redis.RedisLink;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/** Whether the node works, has started, and wants clients. Owned by the management verticle's event loop. */
final class Health {

    private final Supplier<NodePhase> phase;
    private final RedisLink redis;

    Health(Supplier<NodePhase> phase, RedisLink redis) {
        this.phase = phase;
        this.redis = redis;
    }

    /** The process works: it answers. */
    Answer live() {
        return up();
    }

    /** Once up, always up. */
    Answer started() {
        return phase.get() == NodePhase.STARTING ? down("starting") : up();
    }

    /** A load balancer may send clients here. */
    Answer ready() {
        return switch (phase.get()) {
            case STARTING -> down("starting");
            case DRAINING -> down("draining");
            case RUNNING -> redis.isUp() ? up() : down("Redis does not answer");
        };
    }

    private static Answer up() {
        return new Answer(Answer.OK, new JsonObject().put("status", "up"));
    }

    private static Answer down(String reason) {
        return new Answer(
                Answer.UNAVAILABLE, new JsonObject().put("status", "down").put("reason", reason));
    }
}
