package io.pesan.session;

import io.pesan.contract.bus.GatewayNotices;
import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisScript;
import io.pesan.redis.testing.EventLoop;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A link with this module's scripts on an event loop of its own, for tests of the parts that speak to Redis. */
final class RedisForParts implements AutoCloseable {

    private final EventLoop loop = new EventLoop();
    private final RedisLink link;

    RedisForParts(RedisConfig config) {
        List<RedisScript> scripts = Stream.of(Accounts.SCRIPTS, ActiveUserSet.SCRIPTS, UserSessions.SCRIPTS)
                .flatMap(List::stream)
                .toList();
        this.link = loop.connect(config, scripts);
    }

    RedisLink link() {
        return link;
    }

    /** Tells gateways, of which there are none. */
    ListenerNotices listeners() {
        return new ListenerNotices(link, new GatewayNotices(loop.vertx().eventBus()));
    }

    /** Runs something on the event loop and waits for what comes of it. */
    <T> T run(Supplier<Future<T>> action) {
        return loop.run(action);
    }

    @Override
    public void close() {
        loop.run(link::close);
        loop.close();
    }
}
