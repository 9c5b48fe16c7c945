package io.pesan.node.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names a process for good: ids are used again, an id and a start are not.
 *
 * @param pid process id
 * @param startMillis when it started, milliseconds since 1970-01-01 UTC; 0 where the platform does not tell
 */
record ProcessRecord(long pid, long startMillis) {

    /** Linux derives a start from the clock and the up-time: when the clock is corrected, starts move a little. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    static ProcessRecord of(ProcessHandle process) {
        return new ProcessRecord(
                process.pid(),
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    /** Of {@link #toString}'s form; null if it is not. */
    static @Nullable ProcessRecord parse(@Nullable String text) {
        if (text == null || !text.matches("\\d{1,18}@\\d{1,18}")) {
            return null;
        }
        String[] parts = text.split("@", 2);
        return new ProcessRecord(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    /**
     * The process, if it still runs.
     *
     * @param argument one of its arguments, by which it is known even if the clock was set meanwhile
     */
    Optional<ProcessHandle> find(String argument) {
        return ProcessHandle.of(pid).filter(ProcessRecord::runs).filter(process -> isThis(process, argument));
    }

    /**
     * Whether it does anything any more. In a container nobody may collect a process whose parent was killed: its id
     * stays, and Java calls it alive, but there is no program behind it.
     */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** Waits for it to end; false if it still runs then. */
    static boolean endsWithin(ProcessHandle process, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (runs(process)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Pause.briefly();
        }
        return true;
    }

    private boolean isThis(ProcessHandle process, String argument) {
        long start = of(process).startMillis();
        boolean sameStart = start == 0 || Math.abs(start - startMillis) <= TOLERANCE.toMillis();
        return sameStart
                || process.info()
                        .arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(argument))
                        .isPresent();
    }

    @Override
    public String toString() {
        return pid + "@" + startMillis;
    }
}
