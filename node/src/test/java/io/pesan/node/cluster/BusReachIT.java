package io.pesan.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pesan.node.Nodes;
import io.pesan.node.PesanNode;
import io.pesan.node.Relay;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Nodes that are one cluster, though their event buses don't reach each other. */
class BusReachIT {

    /** A reason that a busy machine falsified is said anew after a minute. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration REPEAT = Duration.ofSeconds(59);
    private static final String NOT_HEARD = "a node of the cluster is not heard on the event bus";
    private static final String DEAF = "a node of the cluster does not hear this one on the event bus";

    @TempDir
    private static Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(BusReach.class);
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<PesanNode> nodes = new ArrayList<>();

    @BeforeEach
    void listen() {
        log.list = lines;
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() throws Exception {
        logger.detachAppender(log);
        logger.setLevel(null);
        for (PesanNode node : nodes) {
            Nodes.await(node.stop());
        }
    }

    @Test
    void saysThatOneSpeaksTlsAndTheOtherDoesNotOrRefusesItsCertificate() throws Exception {
        PrivateAuthority ours = new PrivateAuthority(folder, "ours");
        PrivateAuthority theirs = new PrivateAuthority(folder, "theirs");
        ours.issue("b", 1);
        theirs.issue("c", 1);
        PesanNode plain = start("a");
        PesanNode secured = start("b", tls("b", ours));
        PesanNode stranger = start("c", tls("c", theirs));

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(warnings())
                    .anyMatch(line ->
                            line.matches(NOT_HEARD + " b 127.0.0.1:\\d+ its event bus speaks TLS, and this node's "
                                    + "does not \\(cluster.tls.\\*\\)"))
                    .anyMatch(
                            line -> line.matches(NOT_HEARD + " a 127.0.0.1:\\d+ its event bus does not speak TLS, and "
                                    + "this node's does \\(cluster.tls.\\*\\)"))
                    .anyMatch(line ->
                            line.matches(NOT_HEARD + " c 127.0.0.1:\\d+ can't connect to it: .*\\(cluster.tls.\\*\\)"));
            assertThat(List.of(unreachable(plain), unreachable(secured), unreachable(stranger)))
                    .containsOnly(2.0);
        });
    }

    @Test
    void saysThatNobodyListensWhereAnEventBusIsSaidToBeAndWhenSomebodyDoes() throws Exception {
        int wrong = RedisForTests.freePort();
        int right = RedisForTests.freePort();
        int firsts = RedisForTests.freePort();
        PesanNode first = start("a", "cluster.bus-port=" + firsts);
        PesanNode second = start("b", "cluster.bus-port=" + right, "cluster.public-bus-port=" + wrong);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(warnings())
                    .contains(
                            DEAF + " b 127.0.0.1:" + wrong + " can't connect to it: Connection refused "
                                    + "(cluster.bus-port, cluster.public-host, cluster.public-bus-port, or a firewall)",
                            NOT_HEARD + " a 127.0.0.1:" + firsts
                                    + " the others are told that this node's event bus is at "
                                    + "127.0.0.1:" + wrong
                                    + ", where this node itself can't connect: Connection refused "
                                    + "(cluster.bus-port, cluster.public-host, cluster.public-bus-port, or a firewall)");
            assertThat(unreachable(first)).isEqualTo(1);
            assertThat(unreachable(second)).isEqualTo(1);
        });

        Vertx vertx = Vertx.vertx();
        try {
            Relay.open(vertx, "127.0.0.1", wrong, right);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(lines)
                        .filteredOn(line -> line.getLevel() == Level.INFO)
                        .extracting(ILoggingEvent::getFormattedMessage)
                        .hasSizeGreaterThanOrEqualTo(2)
                        .containsOnly("a node of the cluster is reached on the event bus again");
                assertThat(unreachable(first)).isEqualTo(0);
                assertThat(unreachable(second)).isEqualTo(0);
            });
            checkThatNoneIsRepeatedWithinAMinute();
        } finally {
            stop();
            nodes.clear();
            Buses.get(vertx.close());
        }
    }

    /** A gateway, which needs no Redis, in the cluster of the others. */
    private PesanNode start(String nodeId, String... more) throws Exception {
        List<String> settings = Nodes.gatewaySettings(folder, nodeId, more);
        if (!nodes.isEmpty()) {
            settings.add("cluster.members=127.0.0.1:" + nodes.get(0).clusterPort());
        }
        PesanNode node = Nodes.of(settings);
        nodes.add(node);
        Nodes.await(node.start());
        return node;
    }

    private static String[] tls(String holder, PrivateAuthority authority) {
        return new String[] {
            "cluster.tls.certificate-file=" + folder.resolve(holder + ".pem"),
            "cluster.tls.key-file=" + folder.resolve(holder + ".key"),
            "cluster.tls.ca-file=" + authority.file()
        };
    }

    /** Where each node is warned of by one other. */
    private void checkThatNoneIsRepeatedWithinAMinute() {
        Map<Object, Instant> last = new HashMap<>();
        lines.stream().filter(line -> line.getLevel() == Level.WARN).forEach(line -> {
            Instant before = last.put(line.getKeyValuePairs().get(0).value, line.getInstant());
            assertThat(before == null
                            || Duration.between(before, line.getInstant()).compareTo(REPEAT) > 0)
                    .as(warnings().toString())
                    .isTrue();
        });
    }

    /** Message and what is in the keys. */
    private List<String> warnings() {
        return lines.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(line -> line.getFormattedMessage()
                        + line.getKeyValuePairs().stream()
                                .map(pair -> " " + pair.value)
                                .collect(Collectors.joining()))
                .toList();
    }

    private static double unreachable(PesanNode node) throws Exception {
        return Nodes.metrics(node.managementPort()).sum("pesan_cluster_nodes_unreachable");
    }
}
