/**
 * What crosses the event bus: its messages (Protocol Buffers, generated from {@code pesan/bus.proto}) and its routes.
 *
 * <p>The bus is best effort. A request that fails or times out may or may not have taken effect; what must be true is
 * true in Redis. A worker's handler runs on the context that registered it, so it needs no locks.
 */
package io.pesan.contract.bus;
