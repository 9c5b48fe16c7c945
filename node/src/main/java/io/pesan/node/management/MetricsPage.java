package io.pesan.node.management;

import io.pesan.node.metrics.NodeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Prometheus reads. Written down on a worker thread: that takes milliseconds, in which an event loop serves hundreds. Owned by
 * the management verticle's event loop.
 */
final class MetricsPage {

    /** Scrapes under way, beyond which there is a 503: whoever comes too often is not to take workers and memory. */
    static final int MOST_AT_ONCE = 8;

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);

    private final Vertx vertx;
    private final @Nullable NodeMetrics metrics;
    private int underWay;

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
        } else if (underWay >= MOST_AT_ONCE) {
            return refuse(request, Answer.UNAVAILABLE, "too many scrapes at once");
        }
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        underWay++;
        return vertx.executeBlocking(() -> counted.scrape(accept), false)
                .onComplete(written -> underWay--)
                .transform(scrape -> scrape.succeeded()
                        ? request.response()
                                .putHeader(
                                        HttpHeaders.CONTENT_TYPE,
                                        scrape.result().type())
                                .end(scrape.result().text())
                        : failed(request, scrape.cause()));
    }

    private static Future<Void> failed(HttpServerRequest request, Throwable bug) {
        LOG.atError()
                .setCause(bug)
                .addKeyValue("address", String.valueOf(request.remoteAddress()))
                .log("the metrics could not be written down");
        return refuse(request, Answer.FAILED, "internal error");
    }

    private static Future<Void> refuse(HttpServerRequest request, int status, String why) {
        return request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                .end(why + "\n");
    }
}
