package io.pesan.system;

import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.RedisForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real HAProxy with the configuration that is shipped, but for the ports. */
final class HaProxy implements AutoCloseable {

    static final Path SHIPPED =
            Path.of("..", "config", "haproxy.cfg").toAbsolutePath().normalize();

    private static final int SERVERS = 3;
    private static final int FRONTEND_PORT = 8800;
    private static final int FIRST_CHAT_PORT = 8889;
    private static final int FIRST_MANAGEMENT_PORT = 9889;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Program program;
    private final int port;

    private HaProxy(Program program, int port) {
        this.program = program;
        this.port = port;
    }

    static boolean isInstalled() {
        return Program.isInstalled("haproxy");
    }

    /** Starts it before up to three nodes, and waits until it accepts clients. */
    static HaProxy before(Path folder, List<NodeProcess> nodes) {
        return before(folder, nodes, "");
    }

    /** @param option that each server's line has besides */
    static HaProxy before(Path folder, List<NodeProcess> nodes, String option) {
        try {
            int port = RedisForTests.freePort();
            String text = Files.readString(SHIPPED).replace("127.0.0.1:" + FRONTEND_PORT, "127.0.0.1:" + port);
            for (int i = 0; i < nodes.size(); i++) {
                text = replace(
                        text,
                        "127.0.0.1:" + (FIRST_CHAT_PORT + i),
                        "127.0.0.1:" + nodes.get(i).port());
                text = replace(
                        text,
                        "port " + (FIRST_MANAGEMENT_PORT + i),
                        "port " + nodes.get(i).managementPort() + " " + option);
            }
            for (int i = nodes.size(); i < SERVERS; i++) {
                text = text.replaceAll("\n *server \\S+ 127\\.0\\.0\\.1:" + (FIRST_CHAT_PORT + i) + " .*", "");
            }
            Path configuration = Files.writeString(folder.resolve("haproxy.cfg"), text);
            Program program =
                    Program.start(folder.resolve("haproxy.log"), "haproxy", "-db", "-f", configuration.toString());
            HaProxy proxy = new HaProxy(program, port);
            proxy.awaitPort();
            return proxy;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String replace(String text, String shipped, String actual) {
        if (!text.contains(shipped)) {
            throw new IllegalStateException(SHIPPED + " does not mention " + shipped);
        }
        return text.replace(shipped, actual);
    }

    int port() {
        return port;
    }

    private void awaitPort() {
        await("HAProxy listens").atMost(PATIENCE).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    @Override
    public void close() {
        program.close();
    }
}
