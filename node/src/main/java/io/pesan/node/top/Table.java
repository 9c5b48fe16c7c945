package io.pesan.node.top;

import io.pesan.node.metrics.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes figures down: a line for each node, and one for all of several. */
final class Table {

    private static final String HEADER = String.format(
            "%-24s %7s %7s %9s %7s %7s %8s %8s %7s %5s %8s %8s %8s %8s %5s %5s %8s",
            "NODE",
            "CONNS",
            "LISTEN",
            "CMDS/s",
            "ERR/s",
            "UNAV/s",
            "P50",
            "P99",
            "LOGIN/s",
            "HASHQ",
            "STORED/s",
            "GONE/s",
            "BACKLOG",
            "PUSHED/s",
            "REDIS",
            "NODES",
            "LAG P99");
    private static final double MILLIS = 1e3;
    private static final double WHOLE_FROM = 100;

    private Table() {}

    /** @param readings by node: the one before, and now */
    static String of(Map<String, Reading[]> readings) {
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        List<Samples.Sample> allBefore = new ArrayList<>();
        List<Samples.Sample> allNow = new ArrayList<>();
        long[] nanos = {0};
        readings.forEach((node, pair) -> {
            Samples now = pair[1].samples();
            if (now == null) {
                lines.add(String.format("%-24s %s", node, pair[1].trouble()));
                return;
            }
            // One that could not be asked before shows no rates yet.
            Samples before = pair[0].samples() == null ? now : pair[0].samples();
            nanos[0] = Math.max(nanos[0], pair[1].nanos() - pair[0].nanos());
            allBefore.addAll(before.all());
            allNow.addAll(now.all());
            lines.add(line(node, new Figures(before, now, pair[1].nanos() - pair[0].nanos())));
        });
        if (readings.size() > 1) {
            lines.add(line("all", new Figures(new Samples(allBefore), new Samples(allNow), nanos[0])));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String line(String node, Figures of) {
        return String.format(
                Locale.ROOT,
                "%-24s %7.0f %7.0f %9s %7s %7s %8s %8s %7s %5.0f %8s %8s %8.0f %8s %5s %5d %8s",
                node,
                of.connections(),
                of.listeners(),
                rate(of.commands()),
                rate(of.errors()),
                rate(of.unavailable()),
                time(of.latency(0.5)),
                time(of.latency(0.99)),
                rate(of.logins()),
                of.passwordQueue(),
                rate(of.stored()),
                rate(of.removed()),
                of.backlog(),
                rate(of.pushed()),
                of.redis() ? "up" : "DOWN",
                of.members(),
                time(of.lag(0.99)));
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond >= WHOLE_FROM || perSecond == 0 ? "%.0f" : "%.1f", perSecond);
    }

    private static String time(double seconds) {
        return Double.isNaN(seconds) ? "-" : String.format(Locale.ROOT, "%.1f ms", seconds * MILLIS);
    }
}
