package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;

/**
 * The two ways in which a service calls Redis. Where writes count only once replicas have them they have connections of their
 * own, so that no look-up waits behind them; elsewhere the two are one.
 *
 * @param plain for reading, and for writes that nobody relies on
 * @param kept for what is acknowledged
 */
public record RedisLinks(RedisLink plain, RedisLink kept) {

    /** Opens them on the current context. See {@link RedisLink#open}. */
    public static RedisLinks open(
            Vertx vertx, RedisConfig config, List<RedisScript> scripts, Supplier<RedisMetrics> metrics) {
        RedisLink plain = RedisLink.open(vertx, config, scripts, metrics);
        return new RedisLinks(
                plain, config.isReplicated() ? RedisLink.openReplicated(vertx, config, scripts, metrics) : plain);
    }

    /** See {@link RedisLink#connected}. */
    public Future<Void> connected() {
        return Future.all(plain.connected(), kept.connected()).mapEmpty();
    }

    /** Whether calls of either kind have a chance. */
    public boolean isConnected() {
        return plain.isConnected() && kept.isConnected();
    }

    /** Closes both for good. */
    public Future<Void> close() {
        return plain == kept
                ? plain.close()
                : Future.join(plain.close(), kept.close()).mapEmpty();
    }
}
