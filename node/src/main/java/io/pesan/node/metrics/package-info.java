/**
 * What Prometheus reads of a node. The verticles tell what happens ({@code GatewayMetrics} and the like); here it is counted.
 *
 * <p>Each event loop counts for itself, in numbers that only it writes, and a scrape adds them up: what is counted with
 * every command costs a few nanoseconds, and loops share nothing. Micrometer's own meters would cost a hundred for each, on
 * a path of two microseconds; they count what is rare, and the virtual machine and Vert.x.
 */
package io.pesan.node.metrics;
