package io.pesan.inbox;

import io.pesan.contract.bus.Announcement;
import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link Routes#INBOX}: appends messages, hands inboxes over, and settles the hand-overs. One instance for each
 * event loop, with a Redis connection of its own; one of a node's instances announces the service to the other nodes.
 */
public final class InboxVerticle extends VerticleBase {

    private static final long FINISH_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(InboxVerticle.class);

    /** What there is to take down again. */
    private record Service(
            RedisLink link,
            BatchProcessor processor,
            MessageConsumer<InboxBatch> consumer,
            @Nullable Announcement announcement) {}

    private final InboxConfig config;
    private final RedisConfig redis;
    private final boolean announce;
    private @Nullable Service service;

    /** @param announce whether this instance makes the service reachable from other nodes; true for one of a node */
    public InboxVerticle(InboxConfig config, RedisConfig redis, boolean announce) {
        this.config = config;
        this.redis = redis;
        this.announce = announce;
    }

    /** Waits for Redis, for as long as it takes. */
    @Override
    public Future<?> start() {
        RedisLink link = RedisLink.open(vertx, redis, BatchProcessor.SCRIPTS);
        return link.connected()
                .map(connected -> serve(link))
                .compose(InboxVerticle::whenVisible)
                .recover(failure -> link.close().eventually(() -> Future.failedFuture(failure)));
    }

    /** Finishes the batches under way, for up to two seconds. */
    @Override
    public Future<?> stop() {
        Service last = service;
        return last == null
                ? Future.succeededFuture()
                : withdraw(last)
                        .eventually(last.consumer()::unregister)
                        .eventually(() -> finish(last))
                        .eventually(last.link()::close);
    }

    private Service serve(RedisLink link) {
        BatchProcessor processor = new BatchProcessor(link, config);
        Service started = new Service(
                link,
                processor,
                Routes.INBOX.serve(vertx.eventBus(), processor::process),
                announce ? Routes.INBOX.announce(vertx.eventBus()) : null);
        service = started;
        return started;
    }

    private static Future<Void> whenVisible(Service service) {
        Announcement announcement = service.announcement();
        return announcement == null ? Future.succeededFuture() : announcement.completion();
    }

    private static Future<Void> withdraw(Service service) {
        Announcement announcement = service.announcement();
        return announcement == null
                ? Future.succeededFuture()
                : announcement.withdraw().get();
    }

    private static Future<Void> finish(Service service) {
        return service.processor()
                .finish()
                .timeout(FINISH_MILLIS, TimeUnit.MILLISECONDS)
                .recover(unfinished -> {
                    LOG.atWarn()
                            .addKeyValue("route", Routes.INBOX.address())
                            .log("stopped with batches under way: their outcome is unknown to their callers");
                    return Future.succeededFuture();
                });
    }
}
