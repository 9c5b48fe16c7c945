package io.pesan.node.management;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.ServiceNodes;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.SessionBatch;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Calls the nodes' roll: who has shown itself to this node lately, what it offers, and whether its services answer this
 * node now. Owned by the management verticle's event loop.
 */
final class NodeRoll {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final EventBus bus;
    private final ServiceNodes nodes;

    NodeRoll(EventBus bus, ServiceNodes nodes) {
        this.bus = bus;
        this.nodes = nodes;
    }

    /** Asks all at once; takes a second if one doesn't answer. Never fails. */
    Future<Answer> call() {
        List<Future<JsonObject>> called = new ArrayList<>();
        nodes.all(System.nanoTime()).forEach((nodeId, routes) -> called.add(call(nodeId, routes)));
        return Future.join(called).map(all -> {
            JsonArray roll = new JsonArray();
            called.forEach(node -> roll.add(node.result()));
            return new Answer(Answer.OK, new JsonObject().put("nodes", roll));
        });
    }

    private Future<JsonObject> call(String nodeId, Set<String> routes) {
        JsonObject node = new JsonObject().put("node", nodeId).put("routes", new JsonArray(List.copyOf(routes)));
        long start = System.nanoTime();
        List<Future<?>> questions = new ArrayList<>();
        // Batches without a command: the services answer what Redis's clock shows.
        if (routes.contains(Routes.INBOX.address())) {
            questions.add(Routes.INBOX.requestAt(bus, nodeId, InboxBatch.getDefaultInstance(), PATIENCE));
        }
        if (routes.contains(Routes.SESSION.address())) {
            questions.add(Routes.SESSION.requestAt(bus, nodeId, SessionBatch.getDefaultInstance(), PATIENCE));
        }
        if (questions.isEmpty()) {
            return Future.succeededFuture(node);
        }
        return Future.join(questions).transform(answers -> {
            node.put("answers", answers.succeeded());
            if (answers.succeeded()) {
                node.put("milliseconds", (System.nanoTime() - start) / 1e6);
            } else {
                node.put("error", String.valueOf(answers.cause().getMessage()));
            }
            return Future.succeededFuture(node);
        });
    }
}
