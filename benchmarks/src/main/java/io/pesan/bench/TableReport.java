package io.pesan.bench;

import java.io.PrintWriter;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** A table for people: one line a run, and more below it where there is more to say. */
final class TableReport implements Report {

    private static final double MICROS_PER_MILLI = 1000;
    private static final double BYTES_PER_MIB = 1 << 20;

    private final String what;
    private boolean headed;

    TableReport(String what) {
        this.what = what;
    }

    @Override
    public void show(Result result, PrintWriter out) {
        if (!headed) {
            headed = true;
            line(
                    out,
                    "%11s %6s %9s %12s %9s %9s %9s %9s %8s",
                    "connections",
                    "depth",
                    "rate",
                    what + "/s",
                    "p50 ms",
                    "p99 ms",
                    "p99.9 ms",
                    "max ms",
                    "errors");
        }
        Shape shape = result.shape();
        Histogram latency = result.tally().latency();
        line(
                out,
                "%11d %6d %9s %12.0f %9.2f %9.2f %9.2f %9.2f %8d",
                shape.connections(),
                shape.depth(),
                shape.rate() == 0 ? "-" : String.format(Locale.ROOT, "%.0f", shape.rate()),
                result.perSecond(),
                millis(latency, 50),
                millis(latency, 99),
                millis(latency, 99.9),
                latency.getMaxValue() / MICROS_PER_MILLI,
                result.tally().errors().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        details(result, out);
        out.flush();
    }

    private void details(Result result, PrintWriter out) {
        double own = result.generatorCpuSeconds();
        line(out, "%13s%-11s cpu %6.2f s, %6.2f µs each", "", "generator", own, result.microsEach(own));
        result.processes()
                .forEach((pid, use) -> line(
                        out,
                        "%13s%-11s cpu %6.2f s, %6.2f µs each, resident %.0f MiB",
                        "",
                        pid,
                        use.cpuSeconds(),
                        result.microsEach(use.cpuSeconds()),
                        use.residentBytes() / BYTES_PER_MIB));
        if (result.tally().messages() > 0) {
            line(out, "%13sdelivered   %.0f messages/s", "", result.tally().messages() / result.seconds());
        }
        if (result.drains() > 0) {
            line(out, "%13semptied     inboxes with %d calls meanwhile", "", result.drains());
        }
        result.tally().errors().forEach((code, count) -> line(out, "%13s%-11s %d%s", "", code, count, advice(code)));
    }

    private static String advice(String code) {
        return code.equals("INBOX_FULL")
                ? ": the recipients' quota is used up; send to more (--recipients), or start the node with"
                        + " --set inbox.max-messages=0 --set inbox.max-bytes=0"
                : "";
    }

    private static double millis(Histogram latency, double percentile) {
        return latency.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
