package io.pesan.node.management;

import io.pesan.node.metrics.NodeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** What Prometheus reads. Written down on a worker thread: that takes milliseconds, in which an event loop serves hundreds. */
final class MetricsPage {

    private final Vertx vertx;
    private final @Nullable NodeMetrics metrics;

    /** @param metrics null: nothing is counted */
    MetricsPage(Vertx vertx, @Nullable NodeMetrics metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
    }

    boolean isThere() {
        return metrics != null;
    }

    /** Answers a request for it. */
    Future<Void> show(HttpServerRequest request) {
        NodeMetrics counted = metrics;
        if (counted == null) {
            return Future.failedFuture("nothing is counted");
        }
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return vertx.executeBlocking(() -> counted.scrape(accept), false)
                .compose(scrape -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, scrape.type())
                        .end(scrape.text()));
    }
}
