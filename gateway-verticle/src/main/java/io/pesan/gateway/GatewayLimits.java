package io.pesan.gateway;

/**
 * What a client, or all of them, may take.
 *
 * @param maxLineBytes longest request line, its terminator not counted
 * @param maxConnections connections that one verticle accepts; 0: any number
 * @param maxPipelined commands of one connection under way or waiting, beyond which its socket isn't read
 * @param maxPendingWriteBytes replies of one connection that wait for a slow reader, beyond which its commands wait too
 */
public record GatewayLimits(int maxLineBytes, int maxConnections, int maxPipelined, int maxPendingWriteBytes) {

    private static final int SHORTEST_LINE = 256;

    public GatewayLimits {
        if (maxLineBytes < SHORTEST_LINE) {
            throw new IllegalArgumentException(
                    "gateway.max-line-bytes must be at least " + SHORTEST_LINE + ", is " + maxLineBytes);
        }
        if (maxConnections < 0) {
            throw new IllegalArgumentException("gateway.max-connections must not be negative, is " + maxConnections);
        }
        if (maxPipelined < 1) {
            throw new IllegalArgumentException("gateway.max-pipelined must be at least 1, is " + maxPipelined);
        }
        if (maxPendingWriteBytes < 1) {
            throw new IllegalArgumentException(
                    "gateway.max-pending-write-bytes must be at least 1, is " + maxPendingWriteBytes);
        }
    }
}
