package io.pesan.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * No two listeners of a node may name one port: the platform lets several of this process's sockets share a port, and would
 * spread connections over them.
 */
final class PortRules {

    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    private record Listener(ConfigKey<Integer> key, String host, int port) {

        boolean collidesWith(Listener other) {
            return port != 0
                    && port == other.port
                    && (host.equals(other.host) || EVERY_ADDRESS.contains(host) || EVERY_ADDRESS.contains(other.host));
        }
    }

    private PortRules() {}

    /** @throws StartFailure naming both keys */
    static void check(Configuration from) {
        List<Listener> listeners = new ArrayList<>();
        if (from.hasRole("gateway")) {
            listeners.add(listener(from, ConfigKeys.GATEWAY_PORT, ConfigKeys.GATEWAY_HOST));
        }
        listeners.add(listener(from, ConfigKeys.MANAGEMENT_PORT, ConfigKeys.MANAGEMENT_HOST));
        if (from.get(ConfigKeys.CLUSTER_ENABLED)) {
            listeners.add(listener(from, ConfigKeys.CLUSTER_PORT, ConfigKeys.CLUSTER_HOST));
            listeners.add(listener(from, ConfigKeys.CLUSTER_BUS_PORT, ConfigKeys.CLUSTER_HOST));
        }
        for (int i = 1; i < listeners.size(); i++) {
            for (Listener other : listeners.subList(0, i)) {
                Listener one = listeners.get(i);
                if (one.collidesWith(other)) {
                    throw new StartFailure(from.origin(one.key()) + ": " + one.key() + " is " + one.port()
                            + ", and so is " + other.key());
                }
            }
        }
    }

    private static Listener listener(Configuration from, ConfigKey<Integer> port, ConfigKey<String> host) {
        return new Listener(port, from.get(host), from.get(port));
    }
}
