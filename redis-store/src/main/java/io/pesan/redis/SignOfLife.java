package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is asked whose server may be gone, or may not serve it: whether it answers, whether it still plays its part
 * where that may go to another, and whether scripts may be called where any are: a user may be allowed less than the rest.
 */
final class SignOfLife {

    /** Does nothing; loaded with the scripts of a link that has any. */
    static final RedisScript PROBE = RedisScript.load(SignOfLife.class, "probe");

    private final @Nullable PrimaryCheck check;
    private final boolean callsScripts;
    private final SlowCalls slow;

    /**
     * @param check null where a server's part is its own for ever
     * @param slow is told how long the answer took: links without load notice a slow server, too
     */
    SignOfLife(@Nullable PrimaryCheck check, boolean callsScripts, SlowCalls slow) {
        this.check = check;
        this.callsScripts = callsScripts;
        this.slow = slow;
    }

    /** Fails with Redis's refusal, with {@link PrimaryCheck.UnfitException}, or as the connection does. */
    Future<Void> ask(RedisConnection connection) {
        long asked = System.nanoTime();
        return connection
                .send(Request.cmd(Command.PING))
                .onComplete(pong -> slow.took(System.nanoTime() - asked))
                .compose(pong -> check == null ? Future.succeededFuture() : check.ask(connection))
                .compose(fit ->
                        callsScripts ? connection.send(PROBE.call(List.of())).mapEmpty() : Future.succeededFuture());
    }
}
