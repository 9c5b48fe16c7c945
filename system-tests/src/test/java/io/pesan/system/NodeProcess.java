package io.pesan.system;

import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.core.ConditionTimeoutException;

/** A node in a process of its own, started as an operator starts it: {@code bin/pesan up} of the archive. */
final class NodeProcess implements AutoCloseable {

    /** A start takes two seconds, and many times that where six nodes start at once on a machine that has other work. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration RETRY = Duration.ofMillis(200);

    /** Cheap password hashes: most tests are not about them. */
    static final List<String> CHEAP_HASHES =
            List.of("security.password-hash.memory-kib=8", "security.password-hash.iterations=1");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;
    private final int port;
    private final int managementPort;
    private final Path dataDirectory;

    private NodeProcess(Process process, Path log, int port, int managementPort, Path dataDirectory) {
        this.process = process;
        this.log = log;
        this.port = port;
        this.managementPort = managementPort;
        this.dataDirectory = dataDirectory;
    }

    /** Starts a node and waits until it is ready. */
    static NodeProcess start(Path dataDirectory, List<String> settings) {
        NodeProcess node = launch(dataDirectory, settings);
        node.awaitReady();
        return node;
    }

    /** Starts a node and doesn't wait. */
    static NodeProcess launch(Path dataDirectory, List<String> settings) {
        return launch(dataDirectory, RedisForTests.freePort(), RedisForTests.freePort(), settings);
    }

    static NodeProcess launch(Path dataDirectory, int port, int managementPort, List<String> settings) {
        return launch(UnpackedArchive.shared().script(), dataDirectory, port, managementPort, settings);
    }

    /** @param script that starts it */
    static NodeProcess launch(Path script, Path dataDirectory, int port, int managementPort, List<String> settings) {
        return launch(script, dataDirectory, port, managementPort, settings, Map.of());
    }

    /**
     * The same.
     *
     * @param environment that it has besides this process's own
     */
    static NodeProcess launch(
            Path script,
            Path dataDirectory,
            int port,
            int managementPort,
            List<String> settings,
            Map<String, String> environment) {
        try {
            List<String> command = new ArrayList<>(List.of(script.toString(), "up"));
            List<String> all = new ArrayList<>(List.of(
                    "gateway.port=" + port,
                    "management.port=" + managementPort,
                    "redis.data-dir=" + dataDirectory,
                    "gateway.drain-timeout=1s"));
            all.addAll(settings);
            for (String setting : all) {
                command.add("--set");
                command.add(setting);
            }
            Files.createDirectories(dataDirectory);
            Path log = Files.createTempFile(dataDirectory.getParent(), "node", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            return new NodeProcess(process, log, port, managementPort, dataDirectory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void awaitReady() {
        try {
            await("the node is ready")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        if (!process.isAlive()) {
                            throw new IllegalStateException("the node ended before it was ready:\n" + output());
                        }
                        return output().contains(" is ready");
                    });
        } catch (ConditionTimeoutException late) {
            throw new IllegalStateException("the node is not ready; so far it said:\n" + output(), late);
        }
    }

    int port() {
        return port;
    }

    int managementPort() {
        return managementPort;
    }

    /** Whether the management endpoint says that clients are served. */
    boolean isReady() {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + managementPort + "/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether all these nodes have shown themselves to it, and their services, if they have any, answer. */
    boolean reaches(Collection<String> nodes) {
        try {
            HttpResponse<String> response = HTTP.send(admin("nodes").build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                return false;
            }
            Set<String> reached = new HashSet<>();
            for (Object node : new JsonObject(response.body()).getJsonArray("nodes")) {
                if (((JsonObject) node).getBoolean("answers", true)) {
                    reached.add(((JsonObject) node).getString("node"));
                }
            }
            return reached.containsAll(nodes);
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private HttpRequest.Builder admin(String what) throws IOException {
        String token = Files.readString(dataDirectory.resolve("admin-token")).strip();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/admin/v1/" + what))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(10));
    }

    /** Halts it with SIGSTOP. */
    void freeze() {
        signal("STOP");
    }

    /** Lets it go on after {@link #freeze}. */
    void thaw() {
        signal("CONT");
    }

    /** Asks it to end, and does not wait. */
    void end() {
        process.destroy();
    }

    private void signal(String name) {
        if (!process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    long pid() {
        return process.pid();
    }

    WireClient connect() {
        return new WireClient(port);
    }

    /** Everything that it has printed. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Adds an account through the management endpoint, again and again, for two minutes, where Redis cannot be reached. */
    void addUser(String username, String password, String name) {
        try {
            JsonObject user = new JsonObject()
                    .put("username", username)
                    .put("password", password)
                    .put("name", name);
            HttpRequest request = admin("users")
                    .POST(HttpRequest.BodyPublishers.ofString(user.encode()))
                    .build();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            boolean repeated = false;
            while (response.statusCode() == 503 && System.nanoTime() < deadline) {
                LockSupport.parkNanos(RETRY.toNanos());
                response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
                repeated = true;
            }
            // What was refused may have been done.
            if (response.statusCode() != 201 && !(repeated && response.statusCode() == 409)) {
                throw new IllegalStateException(response.statusCode() + " " + response.body());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Deletes something through the management endpoint; returns the HTTP status. */
    int delete(String what) {
        try {
            return HTTP.send(admin(what).DELETE().build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Changes what it logs of ours. */
    void logAt(String level) {
        try {
            HttpRequest request = admin("logging")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"level\":\"" + level + "\"}"))
                    .build();
            int status =
                    HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IllegalStateException("the log level was not changed: " + status);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Ends it with SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Ends it with SIGTERM and returns its exit code. */
    int stop() {
        process.destroy();
        return awaitExit();
    }

    /** Waits until it ends and returns its exit code. */
    int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the node does not end:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Processes of this machine whose command line names the data directory. */
    List<ProcessHandle> processesOnDataDirectory() {
        String name = dataDirectory.toAbsolutePath().toString();
        return ProcessHandle.allProcesses()
                .filter(other -> other.info().commandLine().orElse("").contains(name))
                .toList();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }
}
