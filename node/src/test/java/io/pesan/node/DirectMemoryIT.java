package io.pesan.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.RedisForTests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with little direct memory, as in a pod, to which what is written is copied: it is not to run out before the heap does. */
class DirectMemoryIT {

    private static final int STRANGERS = 150;
    /** Each asks for far more than it reads, and the kernel takes the questions. */
    private static final byte[] QUESTIONS = "help\n".repeat(10_000).getBytes(US_ASCII);

    @TempDir
    private Path folder;

    @Test
    void strangersThatDontReadAreResetBeforeItIsUsedUp() throws Exception {
        int port = RedisForTests.freePort();
        List<Socket> strangers = new ArrayList<>();
        try (ChildJvm node = ChildJvm.start(
                List.of("-Xmx512m", "-XX:MaxDirectMemorySize=16m"),
                "up",
                "--set=gateway.port=" + port,
                "--set=management.port=0",
                "--set=redis.data-dir=" + folder)) {
            node.awaitLine(line -> line.contains(" is ready"));
            try (Line known = new Line(port)) {
                assertThat(known.ask("auth messi surabaya")).contains("tokenid");
                for (int i = 0; i < STRANGERS; i++) {
                    strangers.add(strangerThatDoesNotRead(port));
                }
                node.awaitLine(line -> line.contains("gateway.max-buffered-bytes is reached"));
                await().during(Duration.ofSeconds(2))
                        .atMost(Duration.ofMinutes(1))
                        .untilAsserted(() -> {
                            assertThat(known.ask("send henderson hola")).contains("Message Sent");
                            assertThat(known.ask("listuser")).contains("messi");
                        });
            }
            node.signal("TERM");
            assertThat(node.awaitEnd()).noneMatch(line -> line.contains("memory"));
            assertThat(node.awaitExit()).isZero();
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
    }

    private static Socket strangerThatDoesNotRead(int port) throws IOException {
        Socket stranger = new Socket();
        stranger.setReceiveBufferSize(4_096);
        stranger.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        stranger.getOutputStream().write(QUESTIONS);
        return stranger;
    }
}
