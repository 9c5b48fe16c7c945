package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link to each primary of a Redis Cluster. What is called goes to whoever has the keys' slots; where one can't be reached,
 * that is the outcome of its requests alone.
 *
 * <p>Who has which slots is asked every {@value #CALM_MILLIS} ms, every {@value #TROUBLE_MILLIS} ms while a primary is away,
 * and when a server says that a slot has moved. Requests that were all refused for that reason took no effect, and are sent
 * once more where they belong; where only some were, nobody can tell which, and all have failed.
 *
 * <p>A time that is read is that of the server whose clock is behind the others'.
 */
final class ClusterLink implements RedisLink {

    private static final long CALM_MILLIS = 5_000;
    private static final long TROUBLE_MILLIS = 250;

    /** At a start: for primaries that don't answer, once others do. */
    private static final long STRAGGLERS_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(ClusterLink.class);

    private final Vertx vertx;
    private final ClusterTopology topology;
    private final Function<RedisAddress, RedisLink> opener;
    private final Map<RedisAddress, RedisLink> links = new HashMap<>();
    private final Promise<Void> firstConnection = Promise.promise();
    private SlotMap slots = SlotMap.EMPTY;
    private @Nullable Future<Void> asking;
    private @Nullable String lastComplaint;
    private long lastAskedNanos = System.nanoTime();
    private long timer;
    private boolean closed;

    private ClusterLink(Vertx vertx, RedisConfig config, Function<RedisAddress, RedisLink> opener) {
        this.vertx = vertx;
        this.topology = new ClusterTopology(vertx, config);
        this.opener = opener;
    }

    /** @param opener of a link to one server */
    static ClusterLink open(Vertx vertx, RedisConfig config, Function<RedisAddress, RedisLink> opener) {
        ClusterLink link = new ClusterLink(vertx, config, opener);
        link.ask();
        link.timer = vertx.setPeriodic(TROUBLE_MILLIS, tick -> link.look());
        return link;
    }

    @Override
    public Future<Void> connected() {
        return firstConnection.future();
    }

    /** Whether any primary serves: a node that can serve some users is better than none. */
    @Override
    public boolean isUp() {
        return links.values().stream().anyMatch(RedisLink::isUp);
    }

    @Override
    public boolean isConnected() {
        for (RedisLink link : links.values()) {
            if (link.isConnected()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Future<List<Outcome>> each(List<Request> requests) {
        if (requests.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return send(requests).compose(outcomes -> {
            int[] moved = IntStream.range(0, requests.size())
                    .filter(i -> isMoved(outcomes.get(i)))
                    .toArray();
            return moved.length == 0 ? Future.succeededFuture(outcomes) : sendAgain(requests, outcomes, moved);
        });
    }

    private static boolean isMoved(Outcome outcome) {
        return outcome.failure() != null && outcome.failure().moved();
    }

    private Future<List<Outcome>> sendAgain(List<Request> requests, List<Outcome> outcomes, int[] moved) {
        List<Request> again = Arrays.stream(moved).mapToObj(requests::get).toList();
        return ask().transform(asked -> send(again)).map(second -> {
            List<Outcome> all = new ArrayList<>(outcomes);
            for (int i = 0; i < moved.length; i++) {
                all.set(moved[i], second.get(i));
            }
            return all;
        });
    }

    private Future<List<Outcome>> send(List<Request> requests) {
        Batches batches = new Batches(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            int slot = KeySlot.of(requests.get(i));
            batches.add(i, slot == KeySlot.NONE ? null : slots.owner(slot), requests.get(i));
        }
        return batches.send(links);
    }

    @Override
    public Future<Reading> read(List<String> keys) {
        Batches batches = new Batches(keys.size() + links.size());
        int at = keys.size();
        for (RedisAddress server : links.keySet()) {
            batches.add(at++, server, Request.cmd(Command.TIME));
        }
        for (int i = 0; i < keys.size(); i++) {
            batches.add(i, slots.owner(KeySlot.of(keys.get(i))), Request.cmd(Command.GET, keys.get(i)));
        }
        return batches.send(links).compose(outcomes -> reading(keys.size(), outcomes));
    }

    private Future<Reading> reading(int keys, List<Outcome> outcomes) {
        List<Outcome> values = List.copyOf(outcomes.subList(0, keys));
        if (values.stream().anyMatch(ClusterLink::isMoved)) {
            ask();
        }
        List<Outcome> clocks = outcomes.subList(keys, outcomes.size());
        return clocks.stream()
                .filter(Outcome::isAnswered)
                .map(clock -> RedisClock.micros(Objects.requireNonNull(clock.answer())))
                .min(Long::compare)
                .map(now -> Future.succeededFuture(new Reading(now, values)))
                .orElseGet(() -> Future.failedFuture(
                        new RedisUnavailableException("no primary of the Redis Cluster answers", null)));
    }

    @Override
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        firstConnection.tryFail(new RedisUnavailableException("closed before it was connected", null));
        return Future.join(links.values().stream().map(RedisLink::close).toList())
                .mapEmpty();
    }

    private void look() {
        boolean trouble = links.isEmpty()
                || !slots.isComplete()
                || links.values().stream().anyMatch(link -> !link.isConnected());
        if (trouble || System.nanoTime() - lastAskedNanos >= TimeUnit.MILLISECONDS.toNanos(CALM_MILLIS)) {
            ask();
        }
    }

    /** At most one question is under way; who asks meanwhile gets its answer. */
    private Future<Void> ask() {
        if (asking != null) {
            return asking;
        }
        lastAskedNanos = System.nanoTime();
        Promise<Void> done = Promise.promise();
        asking = done.future();
        topology.find(links.keySet())
                .onComplete(
                        found -> {
                            asking = null;
                            lastComplaint = null;
                            adopt(found);
                            done.complete();
                        },
                        failure -> {
                            asking = null;
                            complain(String.valueOf(failure.getMessage()));
                            done.fail(failure);
                        });
        return done.future();
    }

    private void complain(String complaint) {
        if (!complaint.equals(lastComplaint)) {
            lastComplaint = complaint;
            LOG.atWarn()
                    .addKeyValue("reason", complaint)
                    .log("no server of the Redis Cluster tells who has which slots");
        }
    }

    private void adopt(SlotMap found) {
        if (closed) {
            return;
        }
        slots = found;
        Set<RedisAddress> primaries = found.primaries();
        if (!links.keySet().equals(primaries)) {
            LOG.atInfo().addKeyValue("servers", primaries).log("primaries of the Redis Cluster");
            links.keySet().stream()
                    .filter(server -> !primaries.contains(server))
                    .toList()
                    .forEach(gone -> Objects.requireNonNull(links.remove(gone)).close());
            primaries.forEach(server -> links.computeIfAbsent(server, opener));
        }
        if (!firstConnection.future().isComplete() && !primaries.isEmpty()) {
            awaitFirst();
        }
    }

    private void awaitFirst() {
        Future.join(links.values().stream().map(RedisLink::connected).toList())
                .timeout(STRAGGLERS_MILLIS, TimeUnit.MILLISECONDS)
                .onComplete(joined -> {
                    if (isConnected()) {
                        firstConnection.tryComplete();
                    }
                });
    }
}
