package io.pesan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used so far, from Linux's {@code /proc} (see proc_pid_stat(5)).
 *
 * @param cpuSeconds user and system time
 * @param residentBytes physical memory now
 */
record ProcessUsage(double cpuSeconds, long residentBytes) {

    /** Unit of the times in {@code /proc/PID/stat} on every Linux that runs Java. */
    private static final double TICKS_PER_SECOND = 100;
    /** Where user time stands, counted from the state, which follows the command's closing parenthesis. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;
    private static final int BYTES_PER_KIB = 1024;

    /** Reads the usage of a process now. */
    static ProcessUsage of(long pid) {
        Path folder = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(folder.resolve("stat"));
            // The command's name may contain spaces and parentheses: what counts begins behind the last one.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
            return new ProcessUsage(ticks / TICKS_PER_SECOND, resident(folder.resolve("status")));
        } catch (IOException failure) {
            throw new BenchException("can't read the usage of process " + pid + " (--pid works on Linux)", failure);
        }
    }

    /** What was used after an earlier reading; the memory is that of now. */
    ProcessUsage since(ProcessUsage earlier) {
        return new ProcessUsage(cpuSeconds - earlier.cpuSeconds, residentBytes);
    }

    private static long resident(Path status) throws IOException {
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KIB)
                    .findFirst()
                    .orElse(0);
        }
    }
}
