package io.pesan.gateway;

/**
 * What one gateway verticle is told.
 *
 * @param nodeId names the node on the bus and in logs
 * @param listen where it listens
 * @param limits what a client may take
 * @param timeouts how long a client may take
 * @param selfRegistration whether {@code register} is a command
 */
public record GatewayConfig(
        String nodeId, ListenAddress listen, GatewayLimits limits, GatewayTimeouts timeouts, boolean selfRegistration) {

    public GatewayConfig {
        if (nodeId.isBlank()) {
            throw new IllegalArgumentException("node.id must not be blank");
        }
    }
}
