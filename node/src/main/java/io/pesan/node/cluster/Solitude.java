package io.pesan.node.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an operator why a node that should have company is alone: at its start, and every five minutes for as long as it
 * lasts. A thread of its own asks: names and connections block.
 */
public final class Solitude implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Solitude.class);
    private static final Duration REPEAT = Duration.ofMinutes(5);
    /** The first of several nodes that start together is alone for a moment. */
    private static final Duration FIRST = Duration.ofSeconds(2);

    private static final int CONNECT_MILLIS = 1_000;
    /** Places that are named. */
    private static final int MOST_PLACES = 10;

    private final ClusterConfig config;
    private final IntSupplier size;
    private final Watch watch = new Watch("cluster-solitude", FIRST, REPEAT);

    private Solitude(ClusterConfig config, IntSupplier size) {
        this.config = config;
        this.size = size;
    }

    static Solitude watch(ClusterConfig config, IntSupplier size) {
        Solitude solitude = new Solitude(config, size);
        if (!config.seeds().isEmpty()) {
            solitude.watch.begin(solitude::look);
        }
        return solitude;
    }

    @Override
    public void close() {
        watch.close();
    }

    private void look() {
        String reason = size.getAsInt() == 1 ? reason(config) : null;
        if (reason != null) {
            LOG.warn(reason);
        }
    }

    /** One line that names the key; null if no other place than this node's own is named. Blocks. */
    static @Nullable String reason(ClusterConfig config) {
        List<String> findings = new ArrayList<>();
        for (Seeds.Place place : config.seeds().places()) {
            if (!isOwn(config, place.address()) && findings.size() < MOST_PLACES) {
                findings.add(place.shown() + " " + finding(config, place.address()));
            }
        }
        return findings.isEmpty()
                ? null
                : config.seeds().key() + ": this node is alone: " + String.join(", ", findings);
    }

    private static String finding(ClusterConfig config, InetSocketAddress address) {
        if (address.isUnresolved()) {
            return "does not resolve";
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return "answers, but is no node of a cluster of this name (cluster.name: " + config.name() + ")";
        } catch (IOException silent) {
            return "does not answer";
        }
    }

    private static boolean isOwn(ClusterConfig config, InetSocketAddress address) {
        ClusterConfig.Listener own = config.membership();
        boolean listensThere = address.getPort() == own.port() && config.host().equals(address.getAddress());
        int publicPort = own.publicPort() > 0 ? own.publicPort() : own.port();
        InetSocketAddress shown = own.publicHost().isEmpty()
                ? new InetSocketAddress(config.host(), publicPort)
                : new InetSocketAddress(own.publicHost(), publicPort);
        return listensThere || Objects.equals(shown, address);
    }
}
