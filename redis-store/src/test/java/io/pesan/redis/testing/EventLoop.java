package io.pesan.redis.testing;

import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisScript;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;

/** One event loop on which a test runs what belongs to an event loop. */
public final class EventLoop implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();

    public Vertx vertx() {
        return vertx;
    }

    /** Starts work on the event loop. */
    public <T> Future<T> start(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(turn -> {
            try {
                work.get().onComplete(done);
            } catch (RuntimeException bug) {
                done.tryFail(bug);
            }
        });
        return done.future();
    }

    /** Starts work on the event loop and waits for its result, see {@link Await}. */
    public <T> T run(Supplier<Future<T>> work) {
        return Await.result(start(work));
    }

    /** A link on this event loop, once it is connected. */
    public RedisLink connect(RedisConfig config, List<RedisScript> scripts) {
        return run(() -> {
            RedisLink link = RedisLink.open(vertx, config, scripts);
            return link.connected().map(link);
        });
    }

    @Override
    public void close() {
        Await.result(vertx.close());
    }
}
