package io.pesan.node.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.YamlConfigBuilder;
import io.pesan.node.config.Hosts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;

/** {@code config/hazelcast.yaml}, filled in. */
final class HazelcastConfig {

    /** Name of the node, for other nodes. */
    static final String NODE_ID = "pesan.node-id";

    /** Whether its event bus speaks TLS, for other nodes: {@code true} or {@code false}. */
    static final String BUS_TLS = "pesan.bus-tls";

    /** Where Vert.x looks for the name by which its nodes know each other; it is a new one with each start. */
    static final String VERTX_NODE_ID = "__vertx.nodeId";

    /** System property: whether Hazelcast holds files against its schema, as it does if nothing is said. */
    static final String VALIDATION = "hazelcast.config.schema.validation.enabled";

    private static final String FILE = "hazelcast.yaml";

    private HazelcastConfig() {}

    static Config of(ClusterConfig cluster) {
        Properties values = new Properties();
        values.setProperty("cluster-name", cluster.name());
        values.setProperty("node-id", cluster.nodeId());
        values.setProperty("interface", cluster.host().getHostAddress());
        values.setProperty("port", String.valueOf(cluster.membership().port()));
        Config config;
        try (InputStream yaml = Objects.requireNonNull(HazelcastConfig.class.getResourceAsStream(FILE), FILE)) {
            config = new YamlConfigBuilder(yaml).setProperties(values).build();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        config.setClassLoader(HazelcastConfig.class.getClassLoader());
        config.getMemberAttributeConfig()
                .setAttribute(BUS_TLS, String.valueOf(cluster.tls() != null))
                .setAttribute(VERTX_NODE_ID, UUID.randomUUID().toString());
        publish(cluster, config.getNetworkConfig());
        seek(cluster.seeds(), config.getNetworkConfig().getJoin());
        return config;
    }

    private static void publish(ClusterConfig cluster, NetworkConfig network) {
        ClusterConfig.Listener listener = cluster.membership();
        if (listener.isElsewhere()) {
            String host = listener.publicHost().isEmpty() ? cluster.host().getHostAddress() : listener.publicHost();
            int port = listener.publicPort() > 0 ? listener.publicPort() : listener.port();
            network.setPublicAddress(Hosts.inUrl(host) + ":" + port);
        }
    }

    private static void seek(Seeds seeds, JoinConfig join) {
        if (seeds.service().isEmpty()) {
            join.getTcpIpConfig().setEnabled(true).setMembers(seeds.members());
        } else {
            join.getKubernetesConfig()
                    .setEnabled(true)
                    .setProperty("service-dns", seeds.service())
                    .setProperty("service-port", String.valueOf(seeds.servicePort()));
        }
    }
}
