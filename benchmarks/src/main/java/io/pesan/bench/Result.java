package io.pesan.bench;

import java.util.Map;

/**
 * What one run measured.
 *
 * @param seconds length of the measured window
 * @param tally what was counted in the window
 * @param drains {@code inbox} calls that emptied recipients' inboxes in the window, beside the load
 * @param generatorCpuSeconds CPU time of this generator's thread in the window
 * @param processes CPU time in the window, and memory at its end, of the processes that were watched, by id
 */
record Result(
        Shape shape,
        double seconds,
        Tally tally,
        long drains,
        double generatorCpuSeconds,
        Map<Long, ProcessUsage> processes) {

    double perSecond() {
        return tally.ok() / seconds;
    }

    /** Microseconds of CPU for each successful request. */
    double microsEach(double cpuSeconds) {
        return tally.ok() == 0 ? 0 : cpuSeconds * 1_000_000 / tally.ok();
    }
}
