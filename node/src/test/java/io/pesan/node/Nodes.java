package io.pesan.node;

import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import io.pesan.node.metrics.Samples;
import io.pesan.redis.RedisConfig;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Nodes for tests, and what tests ask of them. */
public final class Nodes {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    /** More patient than a probe: a machine may pause. */
    private static final Duration PROBE = Duration.ofSeconds(10);
    /** For figures, which a machine that pauses tells later. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Nodes() {}

    /** Settings of a clustered node on free ports. */
    public static List<String> settings(Path folder, String nodeId, RedisConfig redis, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "node.id=" + nodeId,
                "gateway.port=0",
                "management.port=0",
                "cluster.enabled=true",
                "cluster.bus-port=0",
                "cluster.port=0",
                "redis.url=" + redis.url(),
                "redis.password=" + redis.password(),
                "redis.data-dir=" + folder.resolve("data"),
                "security.password-hash.memory-kib=64"));
        all.addAll(List.of(more));
        return all;
    }

    /** Settings of a clustered node on free ports that is a gateway and nothing else: it needs no Redis. */
    public static List<String> gatewaySettings(Path folder, String nodeId, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "node.id=" + nodeId,
                "node.roles=gateway",
                "gateway.port=0",
                "management.port=0",
                "cluster.enabled=true",
                "cluster.bus-port=0",
                "cluster.port=0",
                "redis.data-dir=" + folder.resolve(nodeId)));
        all.addAll(List.of(more));
        return all;
    }

    /** Settings of a node on free ports that is a whole service, with a Redis of its own in the folder. */
    public static List<String> aloneSettings(Path folder) {
        return List.of(
                "gateway.port=0",
                "management.port=0",
                "redis.data-dir=" + folder,
                "security.password-hash.memory-kib=64");
    }

    public static PesanNode of(List<String> settings) {
        return new PesanNode(Configuration.read(new ConfigSources(null, Map.of(), settings), true));
    }

    public static void await(Future<Void> step) throws Exception {
        step.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Status and body of a health check, or {@code nobody answers}. */
    public static String health(PesanNode node, String check) {
        return health(node.managementPort(), check);
    }

    public static String health(int managementPort, String check) {
        try {
            HttpResponse<String> answer = get(managementPort, "/health/" + check, PROBE);
            return answer.statusCode() + " " + answer.body();
        } catch (IOException gone) {
            return "nobody answers";
        }
    }

    /** What a node's metrics are now. */
    public static Samples metrics(int managementPort) throws IOException {
        return Samples.parse(get(managementPort, "/metrics", PATIENCE).body());
    }

    private static HttpResponse<String> get(int managementPort, String path, Duration patience) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + managementPort + path);
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(uri).timeout(patience).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
