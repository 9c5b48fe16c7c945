package io.pesan.gateway;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the connections that were turned away for one reason, and tells the operator: one line in ten seconds at most. */
final class RefusedConnections {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedConnections.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String reason;
    private int untold;
    private boolean told;
    private long toldNanos;

    RefusedConnections(String reason) {
        this.reason = reason;
    }

    void refused(long nowNanos) {
        untold++;
        tell(nowNanos);
    }

    /** Looks at the clock. */
    void tell(long nowNanos) {
        if (untold == 0 || (told && nowNanos - toldNanos < PAUSE_NANOS)) {
            return;
        }
        LOG.atWarn().addKeyValue("refused", untold).log("new connections are reset: " + reason);
        told = true;
        toldNanos = nowNanos;
        untold = 0;
    }
}
