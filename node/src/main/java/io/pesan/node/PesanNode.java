package io.pesan.node;

import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.event.Level;

/**
 * One running node: its place in a cluster, Redis if it needs one of its own, the verticles of its roles, the management
 * endpoint. {@link NodeStart} puts it together, {@link NodeStop} takes it apart. A start that fails has undone itself.
 */
public final class PesanNode {

    /** For a start under way when the node is told to stop. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(5);

    private final NodeParts parts;
    private final Promise<Void> started = Promise.promise();

    public PesanNode(Configuration configuration) {
        this.parts = new NodeParts(configuration);
    }

    /** Succeeds when clients are served; fails with {@link StartFailure} where the operator must act. Once. */
    public Future<Void> start() {
        new NodeStart(parts).run().onComplete(started);
        return started.future()
                // What failed is said in one line; undoing the rest is nothing that an operator must know.
                .recover(failure ->
                        new NodeStop(parts, Level.DEBUG).run().transform(stopped -> Future.failedFuture(failure)));
    }

    /** Lets clients finish, then ends everything. A start under way may end within 5 s, or else is left as it is. Once. */
    public Future<Void> stop() {
        return started.future()
                .timeout(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .transform(
                        start -> start.succeeded() ? new NodeStop(parts, Level.INFO).run() : Future.succeededFuture());
    }

    /** Where clients connect, once started; 0 if none can. */
    public int gatewayPort() {
        return parts.gateways.isEmpty() ? 0 : parts.gateways.get(0).actualPort();
    }

    /** Where the management endpoint listens, once started. */
    public int managementPort() {
        return parts.management == null ? 0 : parts.management.actualPort();
    }

    /** Where the membership listens, once started; 0 without a cluster. */
    public int clusterPort() {
        return parts.membership == null ? 0 : parts.membership.port();
    }
}
