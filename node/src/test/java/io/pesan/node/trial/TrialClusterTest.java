package io.pesan.node.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.node.config.ConfigOptions;
import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TrialClusterTest {

    /** A launch holds the monitor for as long as it takes: Redis may be slow to start. */
    @Test
    void killsWithoutWaitingForALaunch() {
        Configuration configuration = Configuration.read(new ConfigSources(null, Map.of(), List.of()), true);
        TrialCluster cluster = new TrialCluster(new ConfigOptions(), configuration, 0);
        synchronized (cluster) {
            assertThat(CompletableFuture.runAsync(cluster::kill)).succeedsWithin(Duration.ofSeconds(5));
        }
    }
}
