package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a server once whether it answers, lets us in, and is new enough: what an operator wants to know at a start. */
public final class RedisServerCheck {

    private static final int OLDEST_MAJOR = 7;
    private static final Pattern VERSION = Pattern.compile("redis_version:((\\d+)\\.\\S+)");
    private static final int MAX_WAITING = 4;

    private RedisServerCheck() {}

    /**
     * Connects, logs in, asks for the version, and disconnects.
     *
     * @return the server's version; fails with {@link RedisUnavailableException}, whose message is one line that names
     *     the server, if it does not answer within {@code patience}, refuses the password, or is too old
     */
    public static Future<String> check(Vertx vertx, RedisConfig config, Duration patience) {
        Redis client = Redis.createClient(vertx, RedisClientOptions.of(config, patience.toMillis(), MAX_WAITING));
        return client.connect()
                .compose(RedisServerCheck::info)
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .compose(info -> version(info.toString()))
                .recover(failure -> Future.failedFuture(new RedisUnavailableException(
                        "redis.url: " + config.server() + ": " + oneLine(failure), failure)))
                .eventually(client::close);
    }

    private static Future<Response> info(RedisConnection connection) {
        return connection.send(Request.cmd(Command.INFO).arg("server"));
    }

    private static Future<String> version(String info) {
        Matcher found = VERSION.matcher(info);
        if (!found.find()) {
            return Future.failedFuture("does not tell its version");
        } else if (Integer.parseInt(found.group(2)) < OLDEST_MAJOR) {
            return Future.failedFuture("is Redis " + found.group(1) + ", but 7.0 or newer is needed");
        }
        return Future.succeededFuture(found.group(1));
    }

    private static String oneLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
    }
}
