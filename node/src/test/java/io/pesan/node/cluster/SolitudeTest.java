package io.pesan.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import io.pesan.redis.testing.RedisForTests;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SolitudeTest {

    @Test
    void tellsWhatIsWrongWithEachPlace() throws Exception {
        try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int silent = RedisForTests.freePort();
            String members =
                    "127.0.0.1:5701,no.such.invalid:1,127.0.0.1:" + silent + ",127.0.0.1:" + stranger.getLocalPort();

            assertThat(Solitude.reason(config("cluster.members=" + members)))
                    .isEqualTo("cluster.members: this node is alone: no.such.invalid:1 does not resolve, 127.0.0.1:"
                            + silent + " does not answer, 127.0.0.1:" + stranger.getLocalPort()
                            + " answers, but is no node of a cluster of this name (cluster.name: pesan)");
        }
    }

    @Test
    void saysNothingOfItsOwnAddress() {
        assertThat(Solitude.reason(config("cluster.members=127.0.0.1"))).isNull();
        assertThat(Solitude.reason(config("cluster.members=127.0.0.1:9", "cluster.public-port=9")))
                .isNull();
    }

    @Test
    void namesTheServiceThatDoesNotResolve() {
        assertThat(Solitude.reason(config("cluster.kubernetes-service=no.such.invalid")))
                .isEqualTo("cluster.kubernetes-service: this node is alone: no.such.invalid does not resolve");
    }

    @Test
    void warnsOfItForAsLongAsNobodyElseIsThere() {
        ListAppender<ILoggingEvent> warnings = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Solitude.class);
        warnings.start();
        logger.addAppender(warnings);
        ClusterConfig config = config("cluster.members=no.such.invalid");
        Solitude company = Solitude.watch(config, () -> 2);
        Solitude alone = Solitude.watch(config, () -> 1);
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> !warnings.list.isEmpty());

            assertThat(List.copyOf(warnings.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("cluster.members: this node is alone: no.such.invalid:5701 does not resolve");
        } finally {
            company.close();
            alone.close();
            logger.detachAppender(warnings);
        }
    }

    private static ClusterConfig config(String... assignments) {
        List<String> all = new ArrayList<>(List.of("cluster.enabled=true", "node.roles=gateway"));
        all.addAll(List.of(assignments));
        return ClusterConfig.of(Configuration.read(new ConfigSources(null, Map.of(), all), true));
    }
}
