package io.pesan.gateway;

/**
 * What a client, or all of them, may take.
 *
 * @param maxLineBytes longest request line, its terminator not counted
 * @param maxConnections connections that one verticle accepts; 0: any number
 * @param maxPipelined commands of one connection under way or waiting, beyond which its socket isn't read
 * @param maxPendingWriteBytes replies of one connection that wait for a slow reader, beyond which its commands wait too
 * @param maxBufferedBytes beginnings of lines, and replies that wait, of all connections of one verticle, beyond which
 *     those that hold most are reset
 */
public record GatewayLimits(
        int maxLineBytes, int maxConnections, int maxPipelined, int maxPendingWriteBytes, long maxBufferedBytes) {

    private static final int SHORTEST_LINE = 256;
    /** Replies that wait for a client that has shown no session: none of them is long. */
    private static final int MAX_PENDING_UNKNOWN = 64 << 10;

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
        if (maxBufferedBytes < 1) {
            throw new IllegalArgumentException("gateway.max-buffered-bytes must be at least 1, is " + maxBufferedBytes);
        }
    }

    /** @param known whether the client has shown a session that lives */
    int maxPendingWriteBytes(boolean known) {
        return known ? maxPendingWriteBytes : Math.min(maxPendingWriteBytes, MAX_PENDING_UNKNOWN);
    }
}
