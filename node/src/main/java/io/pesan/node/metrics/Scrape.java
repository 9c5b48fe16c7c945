package io.pesan.node.metrics;

/**
 * What a scrape is answered.
 *
 * @param type its HTTP content type
 */
public record Scrape(String type, String text) {

    static final String OPEN_METRICS = "application/openmetrics-text";
    static final String OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    static final String TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
}
