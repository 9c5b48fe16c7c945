package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the connections of one link, one after the other: each to wherever it is to go then, and ready for use. */
final class Connector {

    private static final long CONNECT_TIMEOUT_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);

    /** A connection that is there, and what it is closed with. */
    record Connected(Redis client, RedisConnection connection) {

        void discard() {
            Connector.discard(client);
        }
    }

    private final Vertx vertx;
    private final RedisConfig config;
    private final Supplier<Future<RedisAddress>> whereabouts;
    private final @Nullable PrimaryCheck check;
    private final List<Request> preparation;

    /** @param check what a server must pass; null: nothing */
    Connector(
            Vertx vertx,
            RedisConfig config,
            Supplier<Future<RedisAddress>> whereabouts,
            @Nullable PrimaryCheck check,
            List<RedisScript> scripts) {
        this.vertx = vertx;
        this.config = config;
        this.whereabouts = whereabouts;
        this.check = check;
        this.preparation = Stream.concat(scripts.stream(), Stream.of(SignOfLife.PROBE))
                .filter(script -> !scripts.isEmpty())
                .map(RedisScript::loading)
                .toList();
    }

    /** Tries once: finds the server, logs in, checks it, loads the scripts. Fails, after seconds at most, with what went wrong. */
    Future<Connected> connect() {
        return whereabouts.get().compose(this::connectTo);
    }

    private Future<Connected> connectTo(RedisAddress address) {
        Redis client = Redis.createClient(
                vertx, RedisClientOptions.of(config, address, CONNECT_TIMEOUT_MILLIS, ServerLink.MAX_WAITING));
        return client.connect()
                .compose(connection -> prepare(connection).map(new Connected(client, connection)))
                .timeout(attemptMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> discard(client));
    }

    /** Where another server may have taken over, waiting for the old one is lost time. */
    private long attemptMillis() {
        return check == null ? CONNECT_TIMEOUT_MILLIS + RedisLink.CALL_TIMEOUT_MILLIS : CONNECT_TIMEOUT_MILLIS;
    }

    private Future<?> prepare(RedisConnection connection) {
        Future<Void> checked = check == null ? Future.succeededFuture() : check.ask(connection);
        return checked.compose(fit -> preparation.isEmpty() ? Future.succeededFuture() : connection.batch(preparation));
    }

    private static void discard(Redis client) {
        client.close()
                .onFailure(failure -> LOG.atDebug()
                        .addKeyValue("failure", String.valueOf(failure))
                        .log("a lost connection did not close"));
    }
}
