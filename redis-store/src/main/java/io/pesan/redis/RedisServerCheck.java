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
 * Asks once whether Redis answers, lets us in, is new enough, takes scripts and is what {@code redis.mode} says: what an
 * operator wants to know at a start. Of a Redis Cluster one server is asked, behind Sentinels the primary.
 */
public final class RedisServerCheck {

    private static final int OLDEST_MAJOR = 7;
    private static final Pattern VERSION = Pattern.compile("redis_version:((\\d+)\\.\\S+)");
    private static final Pattern REPLICA = Pattern.compile("role:slave");
    private static final Pattern IN_CLUSTER = Pattern.compile("redis_mode:cluster");

    private final Vertx vertx;
    private final RedisConfig config;
    private final Duration patience;

    private RedisServerCheck(Vertx vertx, RedisConfig config, Duration patience) {
        this.vertx = vertx;
        this.config = config;
        this.patience = patience;
    }

    /**
     * Connects, logs in, asks for the version and the role, tries what every link needs, and disconnects.
     *
     * @return the server's version; fails with {@link RedisUnavailableException}, whose message is one line that names
     *     the server, if it does not answer within {@code patience}, refuses the password or a command, is too old, a
     *     replica, without the replicas that writes are to wait for, or not what {@code redis.mode} says
     */
    public static Future<String> check(Vertx vertx, RedisConfig config, Duration patience) {
        RedisServerCheck check = new RedisServerCheck(vertx, config, patience);
        return switch (config.mode()) {
            case STANDALONE -> check.check(config.addresses().get(0));
            case SENTINEL ->
                new Sentinels(vertx, config)
                        .primary()
                        .recover(failure -> Future.failedFuture(check.complaint(failure)))
                        .compose(check::check);
            case CLUSTER -> check.checkAny(config.addresses());
        };
    }

    private Future<String> checkAny(List<RedisAddress> servers) {
        return check(servers.get(0))
                .recover(failure -> servers.size() == 1
                        ? Future.failedFuture(failure)
                        : checkAny(servers.subList(1, servers.size())));
    }

    private Future<String> check(RedisAddress server) {
        Redis client = Redis.createClient(
                vertx, RedisClientOptions.of(config, server, patience.toMillis(), RedisClientOptions.FEW_WAITING));
        return client.connect()
                .compose(this::ask)
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(new RedisUnavailableException(
                        "redis.url: " + server + ": " + reason(failure, patience), failure)))
                .eventually(client::close);
    }

    private RedisUnavailableException complaint(Throwable failure) {
        return new RedisUnavailableException("redis.url: " + reason(failure, patience), failure);
    }

    private Future<String> ask(RedisConnection connection) {
        return connection
                .send(Request.cmd(Command.INFO).arg("server"))
                .compose(info -> version(info.toString())
                        .compose(version -> mode(info.toString())
                                .compose(fits -> part(connection))
                                .compose(primary -> connection.batch(List.of(
                                        Request.cmd(Command.PING), Request.cmd(Command.SCRIPT, "LOAD", "return 1"))))
                                .map(version)));
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

    private Future<Void> mode(String info) {
        boolean inCluster = IN_CLUSTER.matcher(info).find();
        if (inCluster == (config.mode() == RedisConfig.Mode.CLUSTER)) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(
                inCluster
                        ? "is part of a Redis Cluster: set redis.mode=cluster"
                        : "is no part of a Redis Cluster, but redis.mode is cluster");
    }

    /** Of a Redis Cluster any server will do, also a replica: who the primaries are shows later, and changes. */
    private Future<Void> part(RedisConnection connection) {
        if (config.mode() == RedisConfig.Mode.CLUSTER) {
            return connection
                    .send(Request.cmd(Command.CLUSTER, "INFO"))
                    .compose(info -> info.toString().contains("cluster_slots_assigned:" + KeySlot.COUNT)
                            ? Future.succeededFuture()
                            : Future.failedFuture("is part of a Redis Cluster in which not all slots are assigned"));
        }
        PrimaryCheck check = PrimaryCheck.of(config);
        return connection
                .send(Request.cmd(Command.INFO).arg("replication"))
                .compose(info -> refuseReplica(info.toString())
                        .compose(primary -> check == null ? Future.succeededFuture() : check.judge(info.toString())));
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
