package io.pesan.inbox;

import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisLink;
import io.pesan.redis.testing.EventLoop;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes single script calls on a real Redis, until the tests of a class are over. To be registered behind the Redis, so that it is
 * closed before that is.
 */
final class CallRunner implements AfterAllCallback {

    private static final int MOST_COMMANDS = 2_000;

    private final EventLoop loop = new EventLoop();
    private final RedisLink link;

    CallRunner(RedisConfig redis) {
        this.link = loop.connect(redis, BatchProcessor.SCRIPTS);
    }

    /** The results of the call's commands, by their places; those of places that have no command are refusals. */
    List<InboxResult> run(InboxCall call) {
        Request request = call.request();
        Response answer = loop.run(() -> link.send(request));
        BatchResults results = new BatchResults(MOST_COMMANDS, InboxMetrics.NONE);
        call.settle(answer, results);
        return results.reply().getResultsList();
    }

    /** What gateways are to be told because of the call. */
    List<GatewayNotice> notices(InboxCall call) {
        Request request = call.request();
        Response answer = loop.run(() -> link.send(request));
        BatchResults results = new BatchResults(MOST_COMMANDS, InboxMetrics.NONE);
        call.settle(answer, results);
        return results.notices();
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        loop.run(link::close);
        loop.close();
    }
}
