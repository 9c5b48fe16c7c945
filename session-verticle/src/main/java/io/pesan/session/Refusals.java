package io.pesan.session;

import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.redis.RedisUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The refusals that this module answers with: the one place where a failure becomes one. */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private Refusals() {}

    static Refused of(Refusal reason) {
        return Refused.newBuilder().setReason(reason).build();
    }

    static Refused throttled(int retryAfterMillis) {
        return Refused.newBuilder()
                .setReason(Refusal.AUTH_THROTTLED)
                .setRetryAfterMs(retryAfterMillis)
                .build();
    }

    /** Whatever failed, the caller can only try again; what is not Redis's fault is a bug, and is logged as one. */
    static Refused of(Throwable failure) {
        if (!(failure instanceof RedisUnavailableException)) {
            LOG.atError().setCause(failure).log("a session command failed in an unforeseen way");
        }
        return of(Refusal.UNAVAILABLE);
    }
}
