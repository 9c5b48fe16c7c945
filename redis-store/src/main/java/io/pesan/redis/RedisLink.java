package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Held, pipelined connections to Redis that come back by themselves: one to the server that takes writes, or one to each
 * primary of a Redis Cluster. Calls made while there is none fail at once. Owned by the event loop on which it was opened.
 *
 * <p>All requests of a call for one server go out in one write, and take effect there in their order. A request that names
 * keys names those of one hash tag.
 */
public interface RedisLink {

    /** How long a call waits for its answer, in milliseconds. */
    long CALL_TIMEOUT_MILLIS = 1_500;

    /** Opens a link on the current context and begins to connect; {@link #connected} tells when that has succeeded. */
    static RedisLink open(Vertx vertx, RedisConfig config, List<RedisScript> scripts) {
        return open(vertx, config, scripts, () -> RedisMetrics.NONE);
    }

    /**
     * As {@link #open(Vertx, RedisConfig, List)}.
     *
     * @param metrics makes those of each connection
     */
    static RedisLink open(Vertx vertx, RedisConfig config, List<RedisScript> scripts, Supplier<RedisMetrics> metrics) {
        return switch (config.mode()) {
            case STANDALONE -> ServerLink.open(vertx, config, config.addresses().get(0), scripts, metrics.get());
            case SENTINEL -> ServerLink.openPrimary(vertx, config, scripts, metrics.get());
            case CLUSTER ->
                ClusterLink.open(
                        vertx, config, server -> ServerLink.open(vertx, config, server, scripts, metrics.get()));
        };
    }

    /** The same, but nothing counts as kept until {@link RedisConfig#minReplicas} replicas have it. */
    static RedisLink openReplicated(
            Vertx vertx, RedisConfig config, List<RedisScript> scripts, Supplier<RedisMetrics> metrics) {
        int replicas = config.minReplicas();
        return config.mode() == RedisConfig.Mode.CLUSTER
                ? ClusterLink.open(
                        vertx,
                        config,
                        server -> new ReplicatedLink(
                                ServerLink.open(vertx, config, server, scripts, metrics.get()), replicas))
                : new ReplicatedLink(open(vertx, config, scripts, metrics), replicas);
    }

    /** Succeeds with the first connection; attempts go on until then. Fails only if the link is closed before. */
    Future<Void> connected();

    /** Whether there is a connection now, to a server that does not refuse everything. */
    boolean isUp();

    /** Whether there is a connection now; calls fail at once if there is not. */
    boolean isConnected();

    /**
     * Sends requests, each for whichever server has its keys. Those for one server take effect in their order.
     *
     * @return what became of each, in their order; never fails
     */
    Future<List<Outcome>> each(List<Request> requests);

    /**
     * Sends requests as {@link #each}.
     *
     * @return the answers in the order of the requests (null for nil); fails with {@link RedisUnavailableException} if
     *     one of them was refused, any answer did not come in time, or one is not kept
     */
    default Future<List<Response>> batch(List<Request> requests) {
        return each(requests).compose(outcomes -> {
            List<Response> answers = new ArrayList<>(outcomes.size());
            for (Outcome outcome : outcomes) {
                if (!outcome.isAnswered() || !outcome.isKept()) {
                    return Future.failedFuture(outcome.asFailure());
                }
                answers.add(outcome.answer());
            }
            return Future.succeededFuture(answers);
        });
    }

    /** Sends one request. See {@link #batch}. */
    default Future<Response> send(Request request) {
        return batch(List.of(request)).map(answers -> answers.get(0));
    }

    /** Reads the values under these keys, which are strings, and the clock. Fails if no server answers. */
    Future<Reading> read(List<String> keys);

    /** Closes the connections for good; calls under way fail. */
    Future<Void> close();
}
