package io.pesan.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryYamlConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperties;
import com.hazelcast.spi.properties.HazelcastProperty;
import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shipped config/hazelcast.yaml, as a node uses it. */
class HazelcastConfigTest {

    /** A node that was started here before would have switched it off. */
    @BeforeAll
    static void validate() {
        System.clearProperty(HazelcastConfig.VALIDATION);
    }

    @Test
    void isHeldAgainstHazelcastsSchema() {
        assertThatThrownBy(() -> new InMemoryYamlConfig("hazelcast: {cluster-nam3: blue}"))
                .hasMessageContaining("cluster-nam3");
    }

    @Test
    void theShippedFileIsTheOneThatIsBuiltIn() throws IOException {
        try (InputStream builtIn = HazelcastConfig.class.getResourceAsStream("hazelcast.yaml")) {
            assertThat(builtIn.readAllBytes()).isEqualTo(Files.readAllBytes(Path.of("../config/hazelcast.yaml")));
        }
    }

    @Test
    void isFilledInFromTheKeys() {
        Config config = config("cluster.name=blue", "cluster.port=6000", "node.id=a", "cluster.members=b:1,c,[::1]:2");

        assertThat(config.getClusterName()).isEqualTo("blue");
        assertThat(config.getNetworkConfig().getPort()).isEqualTo(6000);
        assertThat(config.getNetworkConfig().isPortAutoIncrement()).isFalse();
        assertThat(config.getNetworkConfig().getInterfaces().isEnabled()).isTrue();
        assertThat(config.getNetworkConfig().getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
        assertThat(config.getNetworkConfig().getPublicAddress()).isNull();
        assertThat(config.getMemberAttributeConfig().getAttribute("pesan.node-id"))
                .isEqualTo("a");
        JoinConfig join = config.getNetworkConfig().getJoin();
        assertThat(join.getMulticastConfig().isEnabled()).isFalse();
        assertThat(join.isAutoDetectionEnabled()).isFalse();
        assertThat(join.getTcpIpConfig().isEnabled()).isTrue();
        assertThat(join.getTcpIpConfig().getMembers()).containsExactly("b:1", "c:6000", "[::1]:2");
        assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
    }

    @Test
    void tellsOthersAnotherAddressThanItListensOn() {
        assertThat(config("cluster.public-port=9").getNetworkConfig().getPublicAddress())
                .isEqualTo("127.0.0.1:9");
        assertThat(config("cluster.public-host=edge").getNetworkConfig().getPublicAddress())
                .isEqualTo("edge:5701");
    }

    @Test
    void asksAKubernetesServiceInPlaceOfAList() {
        JoinConfig join = config("cluster.kubernetes-service=pesan-nodes")
                .getNetworkConfig()
                .getJoin();

        assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
        assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
        assertThat(join.getKubernetesConfig().getProperties())
                .containsEntry("service-dns", "pesan-nodes")
                .containsEntry("service-port", "5701");
    }

    @Test
    void knowsWhatVertxNeedsAndEveryPropertyIsHazelcasts() {
        Config config = config();

        assertThat(config.getMultiMapConfig("__vertx.subs").getValueCollectionType())
                .isEqualTo(MultiMapConfig.ValueCollectionType.SET);
        assertThat(config.getMapConfigs()).containsKeys("__vertx.haInfo", "__vertx.nodeInfo");
        assertThat(config.getMapConfig("__vertx.nodeInfo").getBackupCount()).isEqualTo(1);

        HazelcastProperties properties = new HazelcastProperties(config);
        Map<HazelcastProperty, String> expected = Map.ofEntries(
                Map.entry(ClusterProperty.SOCKET_BIND_ANY, "false"),
                Map.entry(ClusterProperty.WAIT_SECONDS_BEFORE_JOIN, "0"),
                Map.entry(ClusterProperty.MERGE_FIRST_RUN_DELAY_SECONDS, "5"),
                Map.entry(ClusterProperty.MERGE_NEXT_RUN_DELAY_SECONDS, "5"),
                Map.entry(ClusterProperty.MAX_NO_HEARTBEAT_SECONDS, "15"),
                Map.entry(ClusterProperty.HEARTBEAT_INTERVAL_SECONDS, "3"),
                Map.entry(ClusterProperty.GRACEFUL_SHUTDOWN_MAX_WAIT, "5"),
                Map.entry(ClusterProperty.SHUTDOWNHOOK_ENABLED, "false"),
                Map.entry(ClusterProperty.PHONE_HOME_ENABLED, "false"),
                Map.entry(ClusterProperty.LOGGING_TYPE, "slf4j"),
                Map.entry(ClusterProperty.METRICS_ENABLED, "false"),
                Map.entry(ClusterProperty.HEALTH_MONITORING_LEVEL, "OFF"));
        expected.forEach((property, value) -> assertThat(properties.getString(property))
                .as(property.getName())
                .isEqualTo(value));
        assertThat(config.getProperties()).hasSize(expected.size());
    }

    private static Config config(String... assignments) {
        List<String> all = new ArrayList<>(List.of("cluster.enabled=true", "node.roles=gateway"));
        all.addAll(List.of(assignments));
        return HazelcastConfig.of(ClusterConfig.of(Configuration.read(new ConfigSources(null, Map.of(), all), true)));
    }
}
