package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three nodes behind a real HAProxy with the configuration that is shipped. */
class LoadBalancerIT {

    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancerIT.class);
    private static final int CLIENTS = 300;
    private static final int MESSAGES_EACH = 200;
    private static final int ROLLING_CLIENTS = 30;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @BeforeAll
    static void needsHaProxy() {
        Assumptions.assumeTrue(HaProxy.isInstalled(), "haproxy is not installed");
    }

    @Test
    void theShippedConfigurationIsValid() throws IOException, InterruptedException {
        Process check = new ProcessBuilder("haproxy", "-c", "-f", HaProxy.SHIPPED.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("WARNING");
    }

    /** 60,000 messages of clients that connect anew all the time, to whichever node they are given. */
    @Test
    void eachMessageArrivesOnceAndInOrder() {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(folder, 3);
                HaProxy proxy = HaProxy.before(folder, cluster.gateways())) {
            Traffic.addUsers(cluster.node("n1"), "user", CLIENTS);
            try (Traffic traffic = new Traffic("user", CLIENTS, MESSAGES_EACH, true, proxy::port).start()) {
                traffic.finish();
                assertThat(traffic.refusals()).isEmpty();
                assertThat(traffic.breaks()).isZero();
                assertThat(traffic.acknowledged()).isEqualTo(CLIENTS * MESSAGES_EACH);
                traffic.checkBooks();
            }
        }
    }

    @Test
    void theNodesAreToldWhoTheirClientsAre() {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(
                        folder, 3, "gateway.proxy-protocol=true", "gateway.proxy-protocol-from=127.0.0.1/32");
                HaProxy proxy = HaProxy.before(folder, cluster.gateways(), "send-proxy-v2");
                WireClient client = new WireClient(proxy.port())) {
            String token = client.logIn("messi", "surabaya");
            assertThat(client.ask("send " + token + " messi hola")).startsWith("{\"status\": \"OK\"");
            assertThat(client.readAll(token)).containsExactly("hola");
        }
    }

    @Test
    void noCommandFailsWhileTheNodesAreRestartedOneByOne() {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(folder, 3, "gateway.drain-timeout=5s");
                HaProxy proxy = HaProxy.before(folder, cluster.gateways())) {
            Traffic.addUsers(cluster.node("n1"), "user", ROLLING_CLIENTS);
            try (Traffic traffic =
                    new Traffic("user", ROLLING_CLIENTS, Integer.MAX_VALUE, false, proxy::port).start()) {
                for (String node : List.copyOf(cluster.names())) {
                    awaitFlow(traffic);
                    assertThat(cluster.node(node).stop()).isZero();
                    awaitFlow(traffic);
                    cluster.restart(node);
                }
                awaitFlow(traffic);
                traffic.stop();
                LOG.info(
                        "rolling restart: {} messages, {} connections broken before a reply",
                        traffic.acknowledged(),
                        traffic.breaks());
                assertThat(traffic.refusals()).isEmpty();
                // A connection may end before a command is answered, if the node has not carried it out.
                assertThat(traffic.checkBooks())
                        .as("carried out and not answered")
                        .isZero();
            }
        }
    }

    private static void awaitFlow(Traffic traffic) {
        int before = traffic.acknowledged();
        await("messages flow").atMost(Duration.ofSeconds(30)).until(() -> traffic.acknowledged() > before + 1_000);
    }
}
