package io.pesan.contract.bus;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * A service made reachable from other nodes.
 *
 * @param completion succeeds when every node can see it
 * @param withdraw stops it; workers of the own node go on
 */
public record Announcement(Future<Void> completion, Supplier<Future<Void>> withdraw) {}
