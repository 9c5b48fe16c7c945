package io.pesan.gateway;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the connections that were reset for one reason, and tells the operator: one line in ten seconds at most. */
final class RefusedConnections {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedConnections.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String message;
    private int untold;
    private boolean told;
    private long toldNanos;

    RefusedConnections(String message) {
        this.message = message;
    }

    void refused(long nowNanos) {
        refused(1, nowNanos);
    }

    void refused(int connections, long nowNanos) {
        untold += connections;
        tell(nowNanos);
    }

    /** Looks at the clock. */
    void tell(long nowNanos) {
        if (untold == 0 || (told && nowNanos - toldNanos < PAUSE_NANOS)) {
            return;
        }
        LOG.atWarn().addKeyValue("refused", untold).log(message);
        told = true;
        toldNanos = nowNanos;
        untold = 0;
    }
}
