package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks Sentinels for the primary, one after the other until one knows it. Each search begins with another, as one that is cut
 * off from the rest may name a primary that is none any more. Owned by its link's event loop.
 */
final class Sentinels {

    private static final long PATIENCE_MILLIS = 500;

    private final Vertx vertx;
    private final RedisConfig config;
    private int next;

    Sentinels(Vertx vertx, RedisConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** Fails after {@value #PATIENCE_MILLIS} ms for each Sentinel at most, with what the last of them said. */
    Future<RedisAddress> primary() {
        List<RedisAddress> all = config.addresses();
        next = (next + 1) % all.size();
        return search(all, next, all.size());
    }

    private Future<RedisAddress> search(List<RedisAddress> all, int at, int left) {
        return ask(all.get(at))
                .recover(failure ->
                        left == 1 ? Future.failedFuture(failure) : search(all, (at + 1) % all.size(), left - 1));
    }

    private Future<RedisAddress> ask(RedisAddress sentinel) {
        String name = config.topology().primary();
        Redis client = Redis.createClient(vertx, RedisClientOptions.ofSentinel(config, sentinel, PATIENCE_MILLIS));
        return client.connect()
                .compose(connection -> connection.send(Request.cmd(Command.SENTINEL, "GET-MASTER-ADDR-BY-NAME", name)))
                .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(new RedisUnavailableException(
                        "Sentinel " + sentinel + ": " + RefusalLog.reason(failure), failure)))
                .compose(answer -> address(sentinel, answer))
                .eventually(client::close);
    }

    private Future<RedisAddress> address(RedisAddress sentinel, Response answer) {
        if (answer == null || answer.size() < 2) {
            return Future.failedFuture(new RedisUnavailableException(
                    "Sentinel " + sentinel + ": knows no primary of the name "
                            + config.topology().primary() + " (redis.sentinel-master)",
                    null));
        }
        return Future.succeededFuture(
                RedisAddress.told(answer.get(0).toString(), answer.get(1).toInteger()));
    }
}
