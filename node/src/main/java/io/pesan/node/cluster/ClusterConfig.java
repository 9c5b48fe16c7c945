package io.pesan.node.cluster;

import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code cluster.*} keys say, checked.
 *
 * @param name nodes of one name form one cluster
 * @param nodeId this node's name in it
 * @param host an address of this machine; all that the cluster needs is bound to it
 * @param membership where Hazelcast listens, and what the others are told
 * @param bus where the event bus listens, and what the others are told
 * @param seeds where other nodes may be found
 * @param tls null: the bus speaks plain TCP
 */
record ClusterConfig(
        String name,
        String nodeId,
        InetAddress host,
        Listener membership,
        Listener bus,
        Seeds seeds,
        @Nullable BusTls tls) {

    /**
     * A port of {@link ClusterConfig#host}.
     *
     * @param port 0: any free one
     * @param publicHost where other nodes are to connect; empty: where it listens
     * @param publicPort the same; 0: the port that it listens on
     */
    record Listener(int port, String publicHost, int publicPort) {

        /** Whether others must be told something else than where it listens. */
        boolean isElsewhere() {
            return !publicHost.isEmpty() || publicPort > 0;
        }
    }

    /**
     * Reads the keys, for a node on this machine.
     *
     * @throws StartFailure naming the key that can't be used
     */
    static ClusterConfig of(Configuration from) {
        ClusterConfig config = read(from, ClusterConfig::resolved);
        requireOwn(from.get(ConfigKeys.CLUSTER_HOST), config.host());
        return config;
    }

    /**
     * Sees what is wrong with the keys whatever machine the node is to run on: the host may mean something there alone.
     *
     * @throws StartFailure naming the key that can't be used
     */
    static void check(Configuration from) {
        read(from, host -> {
            try {
                return InetAddress.getByName(host);
            } catch (UnknownHostException here) {
                return InetAddress.getLoopbackAddress();
            }
        });
    }

    private static ClusterConfig read(Configuration from, Function<String, InetAddress> addresses) {
        String hostName = from.get(ConfigKeys.CLUSTER_HOST);
        InetAddress host = addresses.apply(hostName);
        if (host.isAnyLocalAddress()) {
            throw new StartFailure("cluster.host: " + hostName
                    + " is every address of this machine; name the one that other nodes reach it at");
        }
        String publicHost = from.get(ConfigKeys.CLUSTER_PUBLIC_HOST);
        int port = from.get(ConfigKeys.CLUSTER_PORT);
        return new ClusterConfig(
                from.get(ConfigKeys.CLUSTER_NAME),
                from.get(ConfigKeys.NODE_ID),
                host,
                new Listener(port, publicHost, from.get(ConfigKeys.CLUSTER_PUBLIC_PORT)),
                new Listener(
                        from.get(ConfigKeys.CLUSTER_BUS_PORT),
                        publicHost,
                        from.get(ConfigKeys.CLUSTER_PUBLIC_BUS_PORT)),
                Seeds.of(from.get(ConfigKeys.CLUSTER_MEMBERS), from.get(ConfigKeys.CLUSTER_KUBERNETES_SERVICE), port),
                tls(from));
    }

    private static InetAddress resolved(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new StartFailure("cluster.host: " + host + " does not resolve", unknown);
        }
    }

    private static void requireOwn(String host, InetAddress address) {
        try {
            if (NetworkInterface.getByInetAddress(address) == null) {
                throw new StartFailure("cluster.host: " + host + " is not an address of this machine");
            }
        } catch (SocketException untold) {
            throw new StartFailure(
                    "cluster.host: this machine does not tell its addresses: " + untold.getMessage(), untold);
        }
    }

    private static @Nullable BusTls tls(Configuration from) {
        List<String> files = Stream.of(
                        ConfigKeys.CLUSTER_TLS_CERTIFICATE_FILE,
                        ConfigKeys.CLUSTER_TLS_KEY_FILE,
                        ConfigKeys.CLUSTER_TLS_CA_FILE)
                .map(from::get)
                .toList();
        return files.get(0).isEmpty()
                ? null
                : BusTls.checked(new BusTlsFiles(Path.of(files.get(0)), Path.of(files.get(1)), Path.of(files.get(2))));
    }
}
