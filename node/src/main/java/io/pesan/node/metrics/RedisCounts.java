package io.pesan.node.metrics;

import io.pesan.redis.RedisMetrics;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Counts for one link to Redis. */
final class RedisCounts implements RedisMetrics {

    private static final String OK = "ok";

    /** The families that all links of a node write to. */
    static final class Shared {

        private final Series<Distribution> times;
        private final Series<Count> reconnects;
        private final List<Count> ups = new CopyOnWriteArrayList<>();

        Shared(Families families) {
            times = families.times(
                    "pesan_redis_command_seconds",
                    "From sending commands to Redis to their answers; those sent together end together.",
                    "script",
                    "outcome");
            reconnects =
                    families.counter("pesan_redis_reconnects", "Connections to Redis that were lost and are back.");
            families.reading(
                    "pesan_redis_connected",
                    "1 if every link of this node to Redis has a connection that serves it, else 0.",
                    () -> ups.stream().allMatch(up -> up.get() == 1) ? 1 : 0);
        }
    }

    private final Shared shared;
    private final Count up = new Count();
    private final Count reconnects;
    private final Map<String, EnumMap<Outcome, Distribution>> byScript = new HashMap<>();

    RedisCounts(Shared shared) {
        this.shared = shared;
        this.reconnects = shared.reconnects.part();
        shared.ups.add(up);
    }

    @Override
    public void mayCall(Collection<String> scripts) {
        scripts.forEach(script ->
                byScript.put(script, LabelValues.of(Outcome.class, outcome -> times(script, outcome))));
    }

    /** Buckets for each outcome of each script would be two thirds of all that a node shows. */
    private Distribution times(String script, String outcome) {
        return outcome.equals(OK)
                ? shared.times.part(script, outcome)
                : shared.times.add(Families.unbounded(), script, outcome);
    }

    @Override
    public void answered(String script, int calls, Outcome outcome, long nanos) {
        EnumMap<Outcome, Distribution> times = byScript.get(script);
        if (times != null) {
            LabelValues.get(times, outcome).record(nanos, calls);
        }
    }

    @Override
    public void up(boolean now) {
        up.set(now ? 1 : 0);
    }

    @Override
    public void closed() {
        shared.ups.remove(up);
    }

    @Override
    public void reconnected() {
        reconnects.increment();
    }
}
