package io.pesan.node.management;

import io.pesan.contract.bus.Route;
import io.pesan.node.metrics.NodeMetrics;
import io.pesan.redis.RedisConfig;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the management endpoint tells about: what health is judged by, and what is counted.
 *
 * @param phase where the node is in its life; asked from the management verticle's event loop, as all of these
 * @param beats of the node's event loops
 * @param redis null: the node uses none
 * @param links by which its services call Redis
 * @param needed what the node must be able to ask of others
 * @param members how many nodes the cluster has; null: the node is in none
 * @param metrics what is counted; null: nothing is
 */
public record Surroundings(
        Supplier<NodePhase> phase,
        EventLoopBeats beats,
        @Nullable RedisConfig redis,
        ServiceLinks links,
        List<Route<?, ?>> needed,
        @Nullable IntSupplier members,
        @Nullable NodeMetrics metrics) {}
