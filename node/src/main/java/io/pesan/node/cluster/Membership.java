package io.pesan.node.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's place in a cluster, from joining it until it is left. Its life surrounds that of the node's Vert.x: that one
 * finds the other nodes here, and must be closed before the place is given up.
 */
public final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    /** For a node of the same name to be taken for gone: it may have been killed a moment ago. */
    private static final Duration NAMESAKE_PATIENCE = Duration.ofSeconds(5);

    private static final long LOOK_AGAIN_MILLIS = 100;

    private final ClusterConfig config;
    private final HazelcastInstance hazelcast;
    private final HazelcastClusterManager manager;
    /** Null: the bus speaks plain TCP. */
    private final @Nullable BusCertificates certificates;

    private Membership(ClusterConfig config, HazelcastInstance hazelcast) {
        this.config = config;
        this.hazelcast = hazelcast;
        this.manager = new HazelcastClusterManager(hazelcast);
        this.certificates = config.tls() == null ? null : new BusCertificates(config.tls());
    }

    /**
     * Sees whether {@link #join} would refuse the configuration, as far as that can be told without joining, and for another
     * machine. Reads the certificates.
     *
     * @throws StartFailure naming the key that keeps the node from joining
     */
    public static void check(Configuration configuration) {
        ClusterConfig.check(configuration);
    }

    /**
     * Joins the cluster, or begins it if nobody is there. Blocks: a second or two, a few more if other nodes' addresses
     * take connections and don't answer.
     *
     * @throws StartFailure naming the key that keeps this node from joining
     */
    public static Membership join(Configuration configuration) {
        ClusterConfig config = ClusterConfig.of(configuration);
        // It logs once before it reads its configuration.
        System.setProperty("hazelcast.logging.type", "slf4j");
        // The file is built in, and a test holds it against the schema; to do so at each start takes a third of a
        // second.
        if (System.getProperty(HazelcastConfig.VALIDATION) == null) {
            System.setProperty(HazelcastConfig.VALIDATION, "false");
        }
        HazelcastInstance hazelcast;
        try {
            hazelcast = Hazelcast.newHazelcastInstance(HazelcastConfig.of(config));
        } catch (HazelcastException | IllegalStateException | IllegalArgumentException failure) {
            throw explain(config, failure);
        }
        Membership membership = new Membership(config, hazelcast);
        try {
            membership.refuseNamesake();
        } catch (StartFailure taken) {
            membership.leave();
            throw taken;
        }
        hazelcast.getCluster().addMembershipListener(new MembershipLog(config.nodeId()));
        LOG.atInfo()
                .addKeyValue("cluster", config.name())
                .addKeyValue("members", membership.size())
                .log("joined the cluster");
        return membership;
    }

    /** For Vert.x, which is to leave it before {@link #leave}. */
    public ClusterManager clusterManager() {
        return manager;
    }

    /** For Vert.x: where its bus listens, and how. */
    public EventBusOptions busOptions() {
        ClusterConfig.Listener bus = config.bus();
        EventBusOptions options =
                new EventBusOptions().setHost(config.host().getHostAddress()).setPort(bus.port());
        if (!bus.publicHost().isEmpty()) {
            options.setClusterPublicHost(bus.publicHost());
        }
        if (bus.publicPort() > 0) {
            options.setClusterPublicPort(bus.publicPort());
        }
        if (config.tls() != null) {
            config.tls().applyTo(options);
        }
        return options;
    }

    /** Has the bus use certificates whose files change, until this node leaves. */
    public void followCertificates(Vertx clustered) {
        if (certificates != null) {
            certificates.follow(clustered);
        }
    }

    /** When the certificate that the bus shows expires, asked anew each time; null without TLS. */
    public @Nullable Supplier<Instant> certificateExpiry() {
        return certificates == null ? null : certificates::expires;
    }

    /** How many nodes there are, this one included. */
    public int size() {
        return hazelcast.getLifecycleService().isRunning()
                ? hazelcast.getCluster().getMembers().size()
                : 0;
    }

    /** The port that the membership listens on. */
    public int port() {
        return hazelcast.getCluster().getLocalMember().getSocketAddress().getPort();
    }

    /** Tells the operator, now and then, for as long as this node is the only one and should not be. */
    public Solitude watchSolitude() {
        return Solitude.watch(config, this::size);
    }

    /** Tells the operator, and who counts, which nodes this one doesn't reach on the event bus, and why. */
    public BusReach watchBus(Vertx clustered) {
        return BusReach.watch(config.nodeId(), this::others, new BusProbe(clustered, manager, config.tls() != null));
    }

    /** The other nodes by their names. */
    private Map<String, Member> others() {
        Map<String, Member> others = new HashMap<>();
        if (hazelcast.getLifecycleService().isRunning()) {
            for (Member member : hazelcast.getCluster().getMembers()) {
                String nodeId = member.getAttribute(HazelcastConfig.NODE_ID);
                if (!member.localMember() && nodeId != null && !nodeId.equals(config.nodeId())) {
                    others.put(nodeId, member);
                }
            }
        }
        return others;
    }

    /**
     * Hands over what it kept for the others, for 5 s at most, and leaves. Blocks; for 3 s more while Hazelcast is looking
     * for nodes that it has lost.
     */
    public void leave() {
        if (certificates != null) {
            certificates.close();
        }
        hazelcast.shutdown();
    }

    /** Of two nodes of one name the one that came later goes: requests for one would reach the other. */
    private void refuseNamesake() {
        long deadline = System.nanoTime() + NAMESAKE_PATIENCE.toNanos();
        Member namesake = olderNamesake();
        while (namesake != null) {
            if (System.nanoTime() > deadline) {
                throw new StartFailure("node.id: there is a node " + config.nodeId() + " in the cluster already, at "
                        + namesake.getAddress().getHost() + ":"
                        + namesake.getAddress().getPort());
            }
            pause();
            namesake = olderNamesake();
        }
    }

    private @Nullable Member olderNamesake() {
        // In the order in which they came.
        for (Member member : hazelcast.getCluster().getMembers()) {
            if (member.localMember()) {
                return null;
            } else if (config.nodeId().equals(member.getAttribute(HazelcastConfig.NODE_ID))) {
                return member;
            }
        }
        return null;
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while joining the cluster", interrupted);
        }
    }

    private static StartFailure explain(ClusterConfig config, RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        String where =
                config.host().getHostAddress() + ":" + config.membership().port();
        if (message.toLowerCase(Locale.ROOT).contains("already in use")) {
            return new StartFailure("cluster.port: can't listen on " + where + ": the port is in use", failure);
        } else if (message.contains("Permission denied")) {
            return new StartFailure("cluster.port: can't listen on " + where + ": this user may not", failure);
        }
        return new StartFailure(
                "cluster.enabled: this node can't join: "
                        + message.lines().findFirst().orElse(""),
                failure);
    }
}
