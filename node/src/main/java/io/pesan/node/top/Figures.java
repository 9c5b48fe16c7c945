package io.pesan.node.top;

import io.pesan.node.metrics.Samples;
import io.pesan.node.metrics.Samples.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What happened between two scrapes of one node or, added up, of several. Rates are by the second. */
final class Figures {

    private static final String COMMANDS = "pesan_gateway_commands_total";
    private static final String COMMAND_SECONDS = "pesan_gateway_command_seconds_bucket";
    private static final String LAG_SECONDS = "pesan_event_loop_lag_seconds_bucket";
    private static final String REDIS_CONNECTED = "pesan_redis_connected";
    private static final String STARTED = "process_start_time_seconds";
    private static final double NANOS = 1e9;

    private static final Samples NOTHING = new Samples(List.of());

    private final Samples before;
    private final Samples now;
    private final double seconds;

    /** Of one node. One that was started again meanwhile has counted from zero. */
    Figures(Samples before, Samples now, long nanos) {
        this(before.sum(STARTED) == now.sum(STARTED) ? before : NOTHING, now, Math.max(1, nanos) / NANOS);
    }

    private Figures(Samples before, Samples now, double seconds) {
        this.before = before;
        this.now = now;
        this.seconds = seconds;
    }

    /** Added up. */
    static Figures ofAll(List<Figures> nodes) {
        List<Sample> before = new ArrayList<>();
        List<Sample> now = new ArrayList<>();
        nodes.forEach(node -> {
            before.addAll(node.before.all());
            now.addAll(node.now.all());
        });
        double seconds = nodes.stream().mapToDouble(node -> node.seconds).max().orElse(1);
        return new Figures(new Samples(before), new Samples(now), seconds);
    }

    double connections() {
        return now.sum("pesan_gateway_connections");
    }

    double listeners() {
        return now.sum("pesan_gateway_listeners");
    }

    double commands() {
        return rate(COMMANDS, sample -> true);
    }

    /** Replies that are errors, but for UNAVAILABLE: mostly clients' mistakes. */
    double errors() {
        return rate(COMMANDS, sample -> !sample.label("outcome").equals("ok")) - unavailable();
    }

    double unavailable() {
        return rate(COMMANDS, sample -> sample.label("outcome").equals("unavailable"));
    }

    double logins() {
        return rate(
                "pesan_session_logins_total", sample -> sample.label("outcome").equals("ok"));
    }

    double passwordQueue() {
        return now.sum("pesan_session_password_hash_queue");
    }

    double stored() {
        return rate("pesan_inbox_messages_accepted_total", sample -> true);
    }

    double removed() {
        return rate("pesan_inbox_messages_removed_total", sample -> true);
    }

    double pushed() {
        return rate("pesan_gateway_pushed_total", sample -> true);
    }

    /** Stored less removed since the nodes started; of all nodes together it is what is pending, if none was restarted. */
    double backlog() {
        return now.sum("pesan_inbox_messages_accepted_total") - now.sum("pesan_inbox_messages_removed_total");
    }

    /** Whether any of the nodes has links to Redis; one that is only a gateway has none. */
    boolean usesRedis() {
        return now.of(REDIS_CONNECTED).findAny().isPresent();
    }

    /** Whether Redis is connected; of several nodes, on all that use it. */
    boolean redis() {
        return now.of(REDIS_CONNECTED).allMatch(sample -> sample.value() == 1);
    }

    /** How many nodes each sees; the fewest. */
    int members() {
        return (int)
                now.of("pesan_cluster_members").mapToDouble(Sample::value).min().orElse(0);
    }

    /** Seconds from reading a command to its reply, which this part of the commands did not exceed; NaN: there were none. */
    double latency(double part) {
        return quantile(COMMAND_SECONDS, part);
    }

    /** Seconds by which this part of the event loops' turns was not late. */
    double lag(double part) {
        return quantile(LAG_SECONDS, part);
    }

    private double rate(String name, Predicate<Sample> which) {
        return Math.max(0, now.sum(name, which) - before.sum(name, which)) / seconds;
    }

    /** As Prometheus does it: evenly spread within a bucket. */
    private double quantile(String name, double part) {
        Map<Double, Double> upTo = new TreeMap<>();
        add(upTo, now, name, 1);
        add(upTo, before, name, -1);
        double all = upTo.getOrDefault(Double.POSITIVE_INFINITY, 0.0);
        double lower = 0;
        double below = 0;
        for (Map.Entry<Double, Double> bucket : upTo.entrySet()) {
            double bound = bucket.getKey();
            double count = bucket.getValue();
            if (all > 0 && count >= part * all) {
                return Double.isInfinite(bound) || count == below
                        ? lower
                        : lower + (bound - lower) * (part * all - below) / (count - below);
            }
            lower = bound;
            below = count;
        }
        return Double.NaN;
    }

    private static void add(Map<Double, Double> upTo, Samples samples, String name, int sign) {
        samples.of(name).forEach(sample -> {
            String le = sample.label("le");
            double bound = le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
            upTo.merge(bound, sign * sample.value(), Double::sum);
        });
    }
}
