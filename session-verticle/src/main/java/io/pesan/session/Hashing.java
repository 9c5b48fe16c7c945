package io.pesan.session;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.vertx.core.Future;
import java.util.function.Function;
import java.util.function.Supplier;

/** Computations on passwords as steps towards a reply: who can't be served in time is refused. */
final class Hashing {

    private final HashingPool pool;
    private final PasswordHash.Cost cost;

    Hashing(HashingPool pool, PasswordHash.Cost cost) {
        this.pool = pool;
        this.cost = cost;
    }

    /** What a new hash shall cost. */
    PasswordHash.Cost cost() {
        return cost;
    }

    /** Computes on a worker thread, then goes on, unless there was no room or no time is left. */
    <T> Future<CredentialReply> compute(
            Deadline deadline, Supplier<T> computation, Function<T, Future<CredentialReply>> next) {
        return pool.compute(deadline, computation).compose(outcome -> {
            if (outcome instanceof HashingPool.Throttled<T> throttled) {
                return refuse(Refusals.throttled(throttled.retryAfterMillis()));
            }
            if (outcome instanceof HashingPool.Computed<T> computed && !deadline.hasPassed()) {
                return next.apply(computed.value());
            }
            return refuse(Refusals.of(Refusal.UNAVAILABLE));
        });
    }

    private static Future<CredentialReply> refuse(Refused refused) {
        return Future.succeededFuture(
                CredentialReply.newBuilder().setRefused(refused).build());
    }
}
