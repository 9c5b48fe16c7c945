package io.pesan.node.redis;

import java.nio.file.Path;

/** A process that owns an embedded Redis until it is killed: {@code RedisOwner DIRECTORY}. */
public final class RedisOwner {

    private RedisOwner() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedRedis redis = EmbeddedRedis.start(Path.of(arguments[0]));
        System.out.println(redis.config().url() + " " + redis.config().password());
        Thread.currentThread().join();
    }
}
