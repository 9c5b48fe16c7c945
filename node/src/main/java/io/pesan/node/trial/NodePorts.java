package io.pesan.node.trial;

import io.pesan.node.config.ConfigKey;
import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ports of one node.
 *
 * @param chat where clients connect
 * @param management where health and administration are
 * @param bus of the event bus
 * @param membership of Hazelcast
 */
record NodePorts(int chat, int management, int bus, int membership) {

    private static final int LARGEST = 65_535;

    /**
     * Chooses ports for {@code count} nodes: upwards from the configured ones, those that are taken left out.
     *
     * @param firstChat 0: any free ones, as for each configured 0
     * @throws StartFailure if there are not enough
     */
    static List<NodePorts> choose(Configuration from, int firstChat, int count) {
        Set<Integer> chosen = new HashSet<>();
        List<Integer> chat = free(from, ConfigKeys.GATEWAY_HOST, firstChat, count, chosen);
        List<Integer> management =
                free(from, ConfigKeys.MANAGEMENT_HOST, from.get(ConfigKeys.MANAGEMENT_PORT), count, chosen);
        List<Integer> bus = free(from, ConfigKeys.CLUSTER_HOST, from.get(ConfigKeys.CLUSTER_BUS_PORT), count, chosen);
        List<Integer> membership =
                free(from, ConfigKeys.CLUSTER_HOST, from.get(ConfigKeys.CLUSTER_PORT), count, chosen);
        List<NodePorts> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(new NodePorts(chat.get(i), management.get(i), bus.get(i), membership.get(i)));
        }
        return ports;
    }

    private static List<Integer> free(
            Configuration from, ConfigKey<String> hostKey, int first, int count, Set<Integer> chosen) {
        String host = from.get(hostKey);
        List<Integer> found = new ArrayList<>();
        int candidate = first;
        while (found.size() < count) {
            if (candidate > LARGEST) {
                throw new StartFailure("there are not enough free ports from " + first + " on at " + host);
            }
            int port = listenable(hostKey, host, candidate);
            if (port > 0 && chosen.add(port)) {
                found.add(port);
            }
            candidate += first > 0 ? 1 : 0;
        }
        return found;
    }

    /** The port, or any free one for 0; -1 if it is taken. */
    private static int listenable(ConfigKey<String> hostKey, String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartFailure(hostKey + ": " + host + " does not resolve");
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(address);
            return probe.getLocalPort();
        } catch (IOException taken) {
            if (String.valueOf(taken.getMessage()).contains("Cannot assign requested address")) {
                throw new StartFailure(hostKey + ": " + host + " is not an address of this machine", taken);
            }
            return -1;
        }
    }
}
