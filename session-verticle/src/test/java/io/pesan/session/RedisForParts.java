package io.pesan.session;

import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisScript;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A link with this module's scripts on an event loop of its own, for tests of the parts that speak to Redis. */
final class RedisForParts implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final RedisLink link;

    RedisForParts(RedisConfig config) {
        List<RedisScript> scripts = Stream.of(Accounts.SCRIPTS, ActiveUserSet.SCRIPTS, UserSessions.SCRIPTS)
                .flatMap(List::stream)
                .toList();
        this.link = run(() -> {
            RedisLink opened = RedisLink.open(vertx, config, scripts);
            return opened.connected().map(opened);
        });
    }

    RedisLink link() {
        return link;
    }

    /** Runs something on the event loop and waits for what comes of it. */
    <T> T run(Supplier<Future<T>> action) {
        Promise<T> result = Promise.promise();
        context.runOnContext(go -> action.get().onComplete(result));
        return SessionNode.await(result.future());
    }

    @Override
    public void close() {
        run(link::close);
        SessionNode.await(vertx.close());
    }
}
