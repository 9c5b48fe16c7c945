package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tests' own network does to connections what the tests believe. This process is node "a" in it. */
class NodeNetworkTest {

    private final NodeNetwork network = new NodeNetwork();
    private ServerSocket server;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        network.add("a", ProcessHandle.current().pid());
        port = network.portBefore("b", server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        network.close();
        server.close();
    }

    @Test
    void carriesBytesBothWays() throws IOException {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            client.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);
            accepted.getOutputStream().write(2);
            assertThat(client.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void holdsBackWhatCrossesACutUntilItIsHealed() throws IOException {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            accepted.setSoTimeout(200);
            network.split(Set.of("a"), Set.of("b"));
            client.getOutputStream().write(1);
            assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            network.heal();
            accepted.setSoTimeout(10_000);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void leavesOthersAlone() throws IOException {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            network.split(Set.of("c"), Set.of("b"));
            client.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void delaysOneDirection() throws IOException {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            network.delay("a", "b", Duration.ofMillis(300));
            long start = System.nanoTime();
            client.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
        }
    }

    @Test
    void resetsBothEndsOfWhatItDropsAndTakesNewConnections() throws IOException {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            client.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);
            network.drop("c");
            client.getOutputStream().write(2);
            assertThat(accepted.getInputStream().read()).isEqualTo(2);
            network.drop("b");
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            assertThatThrownBy(() -> accepted.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        carriesBytesBothWays();
    }

    @Test
    void endsOneSideWhenTheOtherEnds() throws IOException {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            accepted.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(10_000);
        return client;
    }
}
