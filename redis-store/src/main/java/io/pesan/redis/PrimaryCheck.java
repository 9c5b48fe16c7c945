package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server still takes writes, and, where writes count only once replicas have them, whether it has replicas that
 * follow it.
 *
 * <p>A primary that was cut off from its replicas may have been replaced without knowing it. It loses them, in its own eyes,
 * after {@value #MOST_LAG_SECONDS} s, and from then on nobody reads from it what has changed elsewhere since: not even a token
 * that was logged out there.
 */
final class PrimaryCheck {

    /** A replica says every second how far it has come. */
    static final int MOST_LAG_SECONDS = 3;

    private static final Pattern PRIMARY = Pattern.compile("^role:master", Pattern.MULTILINE);
    private static final Pattern FOLLOWING =
            Pattern.compile("^slave\\d+:.*state=online.*lag=[0-" + MOST_LAG_SECONDS + "]\\s*$", Pattern.MULTILINE);

    private final int replicas;

    private PrimaryCheck(int replicas) {
        this.replicas = replicas;
    }

    /** Null where a server's part is its own for ever. */
    static @Nullable PrimaryCheck of(RedisConfig config) {
        return config.mode() == RedisConfig.Mode.STANDALONE && !config.isReplicated()
                ? null
                : new PrimaryCheck(config.minReplicas());
    }

    /** A server that must not be asked for anything now. */
    static final class UnfitException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnfitException(String message) {
            super(message, null, false, false);
        }
    }

    /** Fails with {@link UnfitException} if the server does not do. */
    Future<Void> ask(RedisConnection connection) {
        return connection.send(Request.cmd(Command.INFO).arg("replication")).compose(info -> judge(info.toString()));
    }

    Future<Void> judge(String info) {
        if (!PRIMARY.matcher(info).find()) {
            return Future.failedFuture(new UnfitException("is a replica, which takes no writes"));
        }
        long following = FOLLOWING.matcher(info).results().count();
        if (following < replicas) {
            return Future.failedFuture(new UnfitException(
                    "has " + following + " replicas that follow it, but" + " redis.min-replicas is " + replicas));
        }
        return Future.succeededFuture();
    }
}
