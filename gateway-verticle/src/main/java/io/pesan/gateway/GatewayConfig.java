package io.pesan.gateway;

/**
 * What one gateway verticle is told.
 *
 * @param nodeId names the node on the bus and in logs
 * @param host address to listen on
 * @param port TCP port to listen on; 0: any free one
 * @param limits what a client may take
 * @param timeouts how long a client may take
 * @param selfRegistration whether {@code register} is a command
 */
public record GatewayConfig(
        String nodeId,
        String host,
        int port,
        GatewayLimits limits,
        GatewayTimeouts timeouts,
        boolean selfRegistration) {

    public GatewayConfig {
        if (nodeId.isBlank()) {
            throw new IllegalArgumentException("node.id must not be blank");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("gateway.port must be 0 to 65535, is " + port);
        }
    }
}
