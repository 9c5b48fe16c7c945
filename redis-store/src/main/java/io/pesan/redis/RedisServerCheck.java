package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Asks a server once whether it answers, lets us in, is new enough, takes scripts and is no replica: what an operator wants
 * to know at a start.
 */
public final class RedisServerCheck {

    private static final int OLDEST_MAJOR = 7;
    private static final Pattern VERSION = Pattern.compile("redis_version:((\\d+)\\.\\S+)");
    private static final Pattern REPLICA = Pattern.compile("role:slave");
    private static final int MAX_WAITING = 8;

    private RedisServerCheck() {}

    /**
     * Connects, logs in, asks for the version and the role, tries what every link needs, and disconnects.
     *
     * @return the server's version; fails with {@link RedisUnavailableException}, whose message is one line that names
     *     the server, if it does not answer within {@code patience}, refuses the password or a command, is too old, or a
     *     replica
     */
    public static Future<String> check(Vertx vertx, RedisConfig config, Duration patience) {
        Redis client = Redis.createClient(vertx, RedisClientOptions.of(config, patience.toMillis(), MAX_WAITING));
        return client.connect()
                .compose(RedisServerCheck::ask)
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(new RedisUnavailableException(
                        "redis.url: " + config.server() + ": " + reason(failure, patience), failure)))
                .eventually(client::close);
    }

    private static Future<String> ask(RedisConnection connection) {
        return connection
                .send(Request.cmd(Command.INFO).arg("server"))
                .compose(info -> version(info.toString()))
                .compose(version -> connection
                        .send(Request.cmd(Command.INFO).arg("replication"))
                        .compose(info -> refuseReplica(info.toString()))
                        .compose(primary -> connection.batch(
                                List.of(Request.cmd(Command.PING), Request.cmd(Command.SCRIPT, "LOAD", "return 1"))))
                        .map(version));
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

    private static Future<Void> refuseReplica(String info) {
        return REPLICA.matcher(info).find()
                ? Future.failedFuture("is a replica, which takes no writes: name its primary")
                : Future.succeededFuture();
    }

    /** What was wrong with a certificate is said at the bottom. */
    private static String cause(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        return RefusalLog.reason(deepest);
    }

    private static String reason(Throwable failure, Duration patience) {
        return failure instanceof TimeoutException
                ? "does not answer within " + patience.toSeconds() + " s"
                : RefusalLog.reason(failure) + (failure instanceof SSLException ? ": " + cause(failure) : "");
    }
}
