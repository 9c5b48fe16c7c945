package io.pesan.session;

import io.pesan.redis.RedisConfig;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/**
 * A way to Redis on which everything takes some milliseconds more, each way. A node that uses it reads, and writes what
 * follows from it, while a nearer node does several things in between.
 */
final class DistantRedis implements AutoCloseable {

    private static final long DELAY_MILLIS = 3;

    private final Vertx vertx = Vertx.vertx();
    private final RedisForTests redis;
    private final NetServer server;

    /** Kept: a client that nobody refers to is collected, with its sockets. */
    private final NetClient client;

    DistantRedis(RedisForTests redis) {
        this.redis = redis;
        this.client = vertx.createNetClient();
        this.server =
                Await.result(vertx.createNetServer().connectHandler(this::join).listen(0, "127.0.0.1"));
    }

    RedisConfig config() {
        return new RedisConfig("redis://127.0.0.1:" + server.actualPort(), null, null);
    }

    private void join(NetSocket near) {
        near.pause();
        client.connect(redis.port(), "127.0.0.1").onSuccess(far -> {
            carry(near, far);
            carry(far, near);
            near.resume();
        });
    }

    private void carry(NetSocket from, NetSocket to) {
        from.handler(bytes -> vertx.setTimer(DELAY_MILLIS, later -> to.write(bytes)));
        from.closeHandler(closed -> to.close());
    }

    @Override
    public void close() {
        Await.result(vertx.close());
    }
}
