package io.pesan.inbox;

import io.pesan.contract.bus.GatewayNotices;
import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisLinks;
import io.pesan.redis.RedisMetrics;
import io.pesan.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link Routes#INBOX}: appends messages, reads and removes them, hands inboxes over and settles the hand-overs, tells
 * gateways of new messages; and searches for expired ones. One instance for each event loop, with Redis connections of its
 * own. Its node makes it reachable from other nodes.
 */
public final class InboxVerticle extends VerticleBase {

    private static final long FINISH_MILLIS = 2_000;

    private static final List<RedisScript> SCRIPTS = Stream.concat(
                    BatchProcessor.SCRIPTS.stream(), Stream.of(RetentionSweep.SCRIPT))
            .toList();

    private static final Logger LOG = LoggerFactory.getLogger(InboxVerticle.class);

    /** What there is to take down again. */
    private record Service(
            RedisLinks links, RetentionSweep sweep, BatchProcessor processor, MessageConsumer<InboxBatch> consumer) {}

    private final InboxConfig config;
    private final RedisConfig redis;
    private final InboxMetrics metrics;
    private final Supplier<RedisMetrics> redisMetrics;
    private @Nullable Service service;

    /** One that nobody watches. */
    public InboxVerticle(InboxConfig config, RedisConfig redis) {
        this(config, redis, InboxMetrics.NONE, () -> RedisMetrics.NONE);
    }

    /**
     * One that tells what happens.
     *
     * @param redisMetrics makes those of each connection to Redis
     */
    public InboxVerticle(
            InboxConfig config, RedisConfig redis, InboxMetrics metrics, Supplier<RedisMetrics> redisMetrics) {
        this.metrics = metrics;
        this.redisMetrics = redisMetrics;
        this.config = config;
        this.redis = redis;
    }

    /** Waits for Redis, for as long as it takes. */
    @Override
    public Future<?> start() {
        RedisLinks links = RedisLinks.open(vertx, redis, SCRIPTS, redisMetrics);
        return links.connected()
                .onSuccess(connected -> serve(links))
                .recover(failure -> links.close().eventually(() -> Future.failedFuture(failure)));
    }

    /** Finishes the batches under way, for up to two seconds. */
    @Override
    public Future<?> stop() {
        Service last = service;
        if (last == null) {
            return Future.succeededFuture();
        }
        last.sweep().stop();
        return last.consumer().unregister().eventually(() -> finish(last)).eventually(last.links()::close);
    }

    private void serve(RedisLinks links) {
        BatchProcessor processor =
                new BatchProcessor(links, config, new GatewayNotices(vertx.eventBus()).watchful(), metrics);
        RetentionSweep sweep = new RetentionSweep(vertx, links.plain(), config, metrics);
        service = new Service(links, sweep, processor, Routes.INBOX.serve(vertx.eventBus(), processor::process));
        sweep.start();
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
