package io.pesan.contract.bus;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * What a node made known to the other nodes.
 *
 * @param completion succeeds when every node can see it
 * @param withdraw stops it; the own node's workers go on
 */
public record Announcement(Future<Void> completion, Supplier<Future<Void>> withdraw) {}
