package io.pesan.system;

import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * A real Prometheus with the rules that are shipped. It scrapes every second, rates are those of 5 s, not of a minute, and
 * alerts wait for 3 s only: else they would come and go as slowly as in real life.
 */
final class Prometheus implements AutoCloseable {

    static final Path SHIPPED =
            Path.of("..", "config", "prometheus").toAbsolutePath().normalize();
    static final Path DASHBOARD =
            Path.of("..", "config", "grafana", "pesan.json").toAbsolutePath().normalize();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Program program;
    private final int port;

    private Prometheus(Program program, int port) {
        this.program = program;
        this.port = port;
    }

    static boolean isInstalled() {
        return Program.isInstalled("promtool", "prometheus");
    }

    static Prometheus watching(Path folder, List<NodeProcess> nodes) {
        try {
            Files.createDirectories(folder);
            String targets = String.join(
                    "\n",
                    nodes.stream()
                            .map(node -> "          - 127.0.0.1:" + node.managementPort())
                            .toList());
            String config = Files.readString(SHIPPED.resolve("prometheus.yml"))
                    .replace("interval: 15s", "interval: 1s")
                    .replaceAll("( +- 127\\.0\\.0\\.1:\\d+\n)+", targets + "\n");
            Files.writeString(folder.resolve("prometheus.yml"), config);
            Files.writeString(
                    folder.resolve("recording.yml"),
                    Files.readString(SHIPPED.resolve("recording.yml")).replace("[1m]", "[5s]"));
            Files.writeString(
                    folder.resolve("alerts.yml"),
                    Files.readString(SHIPPED.resolve("alerts.yml"))
                            .replace("[1m]", "[5s]")
                            .replaceAll("for: \\w+", "for: 3s"));
            int port = RedisForTests.freePort();
            Program program = Program.start(
                    folder.resolve("prometheus.log"),
                    "prometheus",
                    "--config.file=" + folder.resolve("prometheus.yml"),
                    "--storage.tsdb.path=" + folder.resolve("tsdb"),
                    "--web.listen-address=127.0.0.1:" + port);
            Prometheus prometheus = new Prometheus(program, port);
            await("Prometheus has scraped every node")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> prometheus.query("up == 1").size() == nodes.size());
            return prometheus;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The values that an expression has now, for each series one. */
    List<Double> query(String expression) {
        JsonObject answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        if (!"success".equals(answer.getString("status"))) {
            throw new IllegalArgumentException(expression + ": " + answer.getString("error"));
        }
        JsonArray result = answer.getJsonObject("data").getJsonArray("result");
        return result.stream()
                .map(series -> ((JsonObject) series).getJsonArray("value").getString(1))
                .map(value -> value.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value))
                .toList();
    }

    /** The values that the series of an expression have now. */
    DoubleSummaryStatistics summary(String expression) {
        return query(expression).stream()
                .filter(value -> !value.isNaN())
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
    }

    boolean isFiring(String alert) {
        return get("/api/v1/alerts").getJsonObject("data").getJsonArray("alerts").stream()
                .map(JsonObject.class::cast)
                .anyMatch(active -> active.getString("state").equals("firing")
                        && active.getJsonObject("labels").getString("alertname").equals(alert));
    }

    /** Every rule, recording and alerting, as Prometheus has read it. */
    List<JsonObject> rules() {
        return get("/api/v1/rules").getJsonObject("data").getJsonArray("groups").stream()
                .flatMap(group -> ((JsonObject) group).getJsonArray("rules").stream())
                .map(JsonObject.class::cast)
                .toList();
    }

    private JsonObject get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return new JsonObject(
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
