package io.pesan.gateway;

import org.jspecify.annotations.Nullable;

/**
 * A request of one connection, waiting for its turn.
 *
 * @param call what to do
 * @param metrics of its command
 * @param tag what its reply ends with
 * @param readNanos when the bytes that completed it were read, by {@link System#nanoTime}
 * @param lineBytes length of its line
 */
record Request(
        Call call,
        GatewayMetrics.CommandMetrics metrics,
        @Nullable String tag,
        long readNanos,
        int lineBytes) {}
