package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
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
    private static Path folder;

    private static ClusterUnderTest cluster;
    private static HaProxy proxy;

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(HaProxy.isInstalled(), "haproxy is not installed");
        cluster = ClusterUnderTest.start(folder, 3, "gateway.drain-timeout=5s");
        proxy = HaProxy.before(folder, cluster.gateways());
    }

    @AfterAll
    static void stop() {
        if (HaProxy.isInstalled()) {
            proxy.close();
            cluster.close();
        }
    }

    @Test
    void theShippedConfigurationIsValid() {
        Program.Outcome checked = Program.run(folder, "", "haproxy", "-c", "-f", HaProxy.SHIPPED.toString());
        assertThat(checked.status()).as(checked.output()).isZero();
        assertThat(checked.output()).doesNotContain("WARNING");
    }

    /** 60,000 messages of clients that connect anew all the time, to whichever node they are given. */
    @Test
    void eachMessageArrivesOnceAndInOrder() {
        Traffic.addUsers(cluster.node("n1"), "client", CLIENTS);
        try (Traffic traffic = new Traffic("client", CLIENTS, MESSAGES_EACH, true, proxy::port).start()) {
            traffic.finish();
            assertThat(traffic.refusals()).isEmpty();
            assertThat(traffic.breaks()).isZero();
            assertThat(traffic.acknowledged()).isEqualTo(CLIENTS * MESSAGES_EACH);
            traffic.checkBooks();
        }
    }

    @Test
    void theNodesAreToldWhoTheirClientsAre() {
        Path own = folder.resolve("told");
        try (ClusterUnderTest told = ClusterUnderTest.start(
                        own, 1, "gateway.proxy-protocol=true", "gateway.proxy-protocol-from=127.0.0.1/32");
                HaProxy telling = HaProxy.before(own, told.gateways(), "send-proxy-v2");
                WireClient client = new WireClient(telling.port())) {
            String token = client.logIn("messi", "surabaya");
            assertThat(client.ask("send " + token + " messi hola")).startsWith("{\"status\": \"OK\"");
            assertThat(client.readAll(token)).containsExactly("hola");
        }
    }

    @Test
    void noCommandFailsWhileTheNodesAreRestartedOneByOne() {
        Traffic.addUsers(cluster.node("n1"), "user", ROLLING_CLIENTS);
        try (Traffic traffic = new Traffic("user", ROLLING_CLIENTS, Integer.MAX_VALUE, false, proxy::port).start()) {
            for (String node : cluster.names()) {
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
            assertThat(traffic.checkBooks()).as("carried out and not answered").isZero();
        }
    }

    private static void awaitFlow(Traffic traffic) {
        int before = traffic.acknowledged();
        await("messages flow").atMost(Duration.ofSeconds(30)).until(() -> traffic.acknowledged() > before + 1_000);
    }
}
