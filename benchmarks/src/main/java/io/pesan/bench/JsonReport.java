package io.pesan.bench;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One JSON object a line and run, for machines. Latencies in microseconds, CPU time in seconds, memory in bytes. */
final class JsonReport implements Report {

    private final String what;

    JsonReport(String what) {
        this.what = what;
    }

    @Override
    public void show(Result result, PrintWriter out) {
        Shape shape = result.shape();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("measured", what);
        json.put("connections", shape.connections());
        json.put("depth", shape.depth());
        json.put("rate", shape.rate());
        json.put("seconds", result.seconds());
        json.put("ok", result.tally().ok());
        json.put("perSecond", result.perSecond());
        json.put("latencyMicros", latency(result.tally().latency()));
        json.put("errors", result.tally().errors());
        json.put("messages", result.tally().messages());
        json.put("drains", result.drains());
        json.put("generatorCpuSeconds", result.generatorCpuSeconds());
        json.put("processes", processes(result));
        out.println(new JsonObject(json).encode());
        out.flush();
    }

    private static Map<String, Object> latency(Histogram latency) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("p50", latency.getValueAtPercentile(50));
        json.put("p99", latency.getValueAtPercentile(99));
        json.put("p99.9", latency.getValueAtPercentile(99.9));
        json.put("max", latency.getMaxValue());
        return json;
    }

    private static Map<String, Object> processes(Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        result.processes().forEach((pid, use) -> {
            Map<String, Object> process = new LinkedHashMap<>();
            process.put("cpuSeconds", use.cpuSeconds());
            process.put("cpuMicrosEach", result.microsEach(use.cpuSeconds()));
            process.put("residentBytes", use.residentBytes());
            json.put(Long.toString(pid), process);
        });
        return json;
    }
}
