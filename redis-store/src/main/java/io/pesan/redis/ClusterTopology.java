package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Asks servers of a Redis Cluster, one after the other in random order, who has which slots. */
final class ClusterTopology {

    private static final long PATIENCE_MILLIS = 500;

    /** Of many servers so many are asked at a time; the next time it is others. */
    private static final int MOST_ASKED = 5;

    private final Vertx vertx;
    private final RedisConfig config;

    ClusterTopology(Vertx vertx, RedisConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /**
     * Fails if none of them tells.
     *
     * @param known servers beside the configured ones
     */
    Future<SlotMap> find(Collection<RedisAddress> known) {
        Set<RedisAddress> all = new LinkedHashSet<>(config.addresses());
        all.addAll(known);
        List<RedisAddress> candidates = new ArrayList<>(all);
        Collections.shuffle(candidates);
        return search(candidates.subList(0, Math.min(MOST_ASKED, candidates.size())));
    }

    private Future<SlotMap> search(List<RedisAddress> candidates) {
        return ask(candidates.get(0))
                .recover(failure -> candidates.size() == 1
                        ? Future.failedFuture(failure)
                        : search(candidates.subList(1, candidates.size())));
    }

    private Future<SlotMap> ask(RedisAddress server) {
        Redis client = Redis.createClient(
                vertx, RedisClientOptions.of(config, server, PATIENCE_MILLIS, RedisClientOptions.FEW_WAITING));
        return client.connect()
                .compose(connection -> connection.send(Request.cmd(Command.CLUSTER, "SLOTS")))
                .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .map(slots -> SlotMap.read(slots, server))
                .recover(failure -> Future.failedFuture(
                        new RedisUnavailableException(server + ": " + RefusalLog.reason(failure), failure)))
                .eventually(client::close);
    }
}
