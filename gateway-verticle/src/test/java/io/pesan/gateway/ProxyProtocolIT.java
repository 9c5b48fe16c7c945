package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Clients behind a load balancer that says who they are. */
class ProxyProtocolIT {

    private static final String HEADER = "PROXY TCP4 192.0.2.7 192.0.2.1 50123 8889\r\n";
    private static final String PONG = "{\"status\": \"OK\", \"message\": \"pong\"}\r\n\r\n";

    /** Version 2, command LOCAL: what a load balancer says when it looks after the gateway itself. */
    private static final byte[] LOCAL = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20" + "00" + "0000");

    /** Version 2, command PROXY, TCP over IPv6 from 2001:db8::7. */
    private static final byte[] VERSION_2 = HexFormat.of()
            .parseHex("0d0a0d0a000d0a515549540a" + "21" + "21" + "0024" + "20010db8000000000000000000000007"
                    + "20010db8000000000000000000000001" + "c3cb" + "22b9");

    @Test
    void theHeaderIsNoCommandAndWhatFollowsItIs() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.startBehindProxies("127.0.0.0/8")) {
            assertThat(converse(gateway, bytes(HEADER + "ping\r\n"))).isEqualTo(PONG);
            assertThat(converse(gateway, LOCAL, bytes("ping\r\n"))).isEqualTo(PONG);
            assertThat(converse(gateway, VERSION_2, bytes("ping\r\n"))).isEqualTo(PONG);
        }
    }

    @Test
    void theHeaderMayComeInPieces() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.startBehindProxies("127.0.0.0/8")) {
            byte[] all = bytes(HEADER + "ping\r\n");
            byte[][] pieces = new byte[all.length][];
            for (int i = 0; i < all.length; i++) {
                pieces[i] = new byte[] {all[i]};
            }
            assertThat(converse(gateway, pieces)).isEqualTo(PONG);
        }
    }

    @Test
    void nobodyElseIsBelieved() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.startBehindProxies("10.0.0.0/8", "fd00::/8")) {
            gateway.expectComplaint("the sender is not in gateway.proxy-protocol-from");
            assertThat(converse(gateway, bytes(HEADER + "ping\r\n"))).isEmpty();
        }
    }

    @Test
    void aClientWithoutAHeaderIsNotServed() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.startBehindProxies("127.0.0.0/8")) {
            assertThat(converse(gateway, bytes("ping\r\n".repeat(50)))).isEmpty();
        }
    }

    @Test
    void whereNoneIsExpectedAHeaderIsAnUnknownCommand() throws IOException {
        try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
            assertThat(converse(gateway, bytes(HEADER))).contains("COMMAND_UNKNOWN");
        }
    }

    /** Writes the pieces, ends the output, and returns everything that comes back. */
    private static String converse(GatewayUnderTest gateway, byte[]... pieces) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                for (byte[] piece : pieces) {
                    socket.getOutputStream().write(piece);
                }
                socket.shutdownOutput();
                InputStream in = socket.getInputStream();
                in.transferTo(answer);
            } catch (SocketException reset) {
                // What came before it counts.
            }
            return answer.toString(StandardCharsets.US_ASCII);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
