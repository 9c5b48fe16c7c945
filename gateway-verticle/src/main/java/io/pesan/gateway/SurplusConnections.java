package io.pesan.gateway;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the connections that were one too many, and tells the operator: one line in ten seconds at most. */
final class SurplusConnections {

    private static final Logger LOG = LoggerFactory.getLogger(SurplusConnections.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int most;
    private int untold;
    private boolean told;
    private long toldNanos;

    /** @param most connections that are not too many */
    SurplusConnections(int most) {
        this.most = most;
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
        LOG.atWarn()
                .addKeyValue("refused", untold)
                .addKeyValue("connections", most)
                .log("new connections are reset: gateway.max-connections is reached");
        told = true;
        toldNanos = nowNanos;
        untold = 0;
    }
}
