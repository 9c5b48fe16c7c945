package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes are one service. */
class ClusterIT {

    private static final int LOG_INS = 2_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static ClusterUnderTest cluster;

    @BeforeAll
    static void start() {
        cluster = ClusterUnderTest.start(folder, 3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aTokenIsGoodEverywhereAtOnceAndNowhereAfterLogout() {
        List<WireClient> clients =
                cluster.gateways().stream().map(NodeProcess::connect).toList();
        for (int i = 0; i < LOG_INS; i++) {
            String token = clients.get(i % 3).logIn("messi", "surabaya");
            clients.forEach(client -> assertThat(client.ask("whoami " + token)).contains("\"username\": \"messi\""));
            assertThat(clients.get((i / 3) % 3).ask("logout " + token)).startsWith("{\"status\": \"OK\"");
            clients.forEach(
                    client -> assertThat(client.ask("whoami " + token)).contains("\"code\": \"SESSION_UNKNOWN\""));
        }
        clients.forEach(WireClient::close);
    }

    @Test
    void oneConversationCrossesThreeNodes() {
        try (WireClient first = cluster.node("n1").connect();
                WireClient second = cluster.node("n2").connect();
                WireClient third = cluster.node("n3").connect()) {
            String messi = first.logIn("messi", "surabaya");
            assertThat(second.ask("send " + messi + " henderson hola")).startsWith("{\"status\": \"OK\"");
            String henderson = third.logIn("henderson", "surabaya");
            assertThat(first.ask("listuser " + henderson)).contains("\"listuseraktif\": \"messi henderson \"");
            assertThat(third.readAll(henderson)).containsExactly("hola");
            assertThat(second.readAll(henderson)).isEmpty();
        }
    }
}
