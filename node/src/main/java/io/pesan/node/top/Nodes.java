package io.pesan.node.top;

import io.pesan.node.metrics.Samples;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The nodes that are looked at. */
final class Nodes {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final List<URI> endpoints;

    /** @param endpoints nodes' management endpoints */
    Nodes(List<URI> endpoints) {
        this.endpoints = endpoints;
    }

    /** Asks all at once, for 3 s at most; by each one's host and port. */
    Map<String, Reading> read() {
        Map<String, CompletableFuture<Reading>> asked = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> asked.put(endpoint.getAuthority(), read(endpoint)));
        Map<String, Reading> readings = new LinkedHashMap<>();
        asked.forEach((node, reading) -> readings.put(node, reading.join()));
        return readings;
    }

    private CompletableFuture<Reading> read(URI endpoint) {
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/metrics"))
                .timeout(TIMEOUT)
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> response.statusCode() == OK
                        ? Reading.of(Samples.parse(response.body()))
                        : Reading.failed("HTTP status " + response.statusCode() + ": not a node that counts"))
                .exceptionally(failure -> Reading.failed(trouble(failure)));
    }

    private static String trouble(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "no such host";
            }
        }
        return failure.getCause() instanceof IOException ? "does not answer" : String.valueOf(failure);
    }
}
