package io.pesan.inbox;

import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisLink;
import io.pesan.redis.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Supplier;

/** Makes single script calls on a real Redis. */
final class CallRunner implements AutoCloseable {

    private static final int MOST_COMMANDS = 2_000;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final RedisLink link;

    CallRunner(RedisConfig redis) {
        this.link = onLoop(() -> {
            RedisLink opened = RedisLink.open(vertx, redis, BatchProcessor.SCRIPTS);
            return opened.connected().map(opened);
        });
    }

    /** The results of the call's commands, by their places; those of places that have no command are refusals. */
    List<InboxResult> run(InboxCall call) {
        Request request = call.request();
        Response answer = onLoop(() -> link.send(request));
        BatchResults results = new BatchResults(MOST_COMMANDS);
        call.settle(answer, results);
        return results.reply().getResultsList();
    }

    @Override
    public void close() {
        onLoop(link::close);
        Await.result(vertx.close());
    }

    private <T> T onLoop(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(turn -> work.get().onComplete(done));
        return Await.result(done.future());
    }
}
