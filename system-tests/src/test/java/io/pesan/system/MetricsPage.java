package io.pesan.system;

import io.pesan.node.metrics.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads nodes' metrics. */
final class MetricsPage {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private MetricsPage() {}

    /** The samples of all nodes together. */
    static Samples of(Collection<NodeProcess> nodes) {
        List<Samples.Sample> all = new ArrayList<>();
        nodes.forEach(node -> all.addAll(of(node).all()));
        return new Samples(all);
    }

    static Samples of(NodeProcess node) {
        return Samples.parse(text(node));
    }

    static String text(NodeProcess node) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.managementPort() + "/metrics"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
