package io.pesan.bench;

import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one run measured.
 *
 * @param seconds length of the measured window
 * @param ok successful answers in the window
 * @param messages messages delivered by {@code inbox} in the window
 * @param errors other answers, by code, and what else went wrong
 * @param latency of successful requests, in microseconds
 * @param generatorCpuSeconds CPU time of this generator's thread in the window
 * @param processes CPU time in the window, and memory at its end, of the processes that were watched, by id
 */
record Result(
        Shape shape,
        double seconds,
        long ok,
        long messages,
        Map<String, Long> errors,
        Histogram latency,
        double generatorCpuSeconds,
        Map<Long, ProcessUsage> processes) {

    double perSecond() {
        return ok / seconds;
    }

    /** Microseconds of CPU for each successful request. */
    double microsEach(double cpuSeconds) {
        return ok == 0 ? 0 : cpuSeconds * 1_000_000 / ok;
    }
}
