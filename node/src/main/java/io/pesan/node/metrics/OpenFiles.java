package io.pesan.node.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many files and sockets the process has open, and may have. The virtual machine counts them by listing them all, at
 * 10,000 connections half of what a scrape costs; Linux 6.2 and newer tells their number as the size of the list.
 */
final class OpenFiles implements MeterBinder {

    private static final Path LIST = Path.of("/proc/self/fd");

    private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();

    @Override
    public void bindTo(MeterRegistry registry) {
        if (system instanceof UnixOperatingSystemMXBean unix) {
            Gauge.builder("process.files.open", unix, OpenFiles::open)
                    .description("Files and sockets that are open.")
                    .baseUnit("files")
                    .register(registry);
            Gauge.builder("process.files.max", unix, UnixOperatingSystemMXBean::getMaxFileDescriptorCount)
                    .description("Files and sockets that may be open at once.")
                    .baseUnit("files")
                    .register(registry);
        }
    }

    private static double open(UnixOperatingSystemMXBean unix) {
        long size = size();
        return size > 0 ? size : unix.getOpenFileDescriptorCount();
    }

    /** 0 on an older Linux, and where there is no such list. */
    private static long size() {
        try {
            return Files.size(LIST);
        } catch (IOException otherSystem) {
            return 0;
        }
    }
}
