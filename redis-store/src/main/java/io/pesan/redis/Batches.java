package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests of one call by the servers that they are for, and their outcomes put together again. */
final class Batches {

    private record Batch(List<Integer> places, List<Request> requests) {

        Batch() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private final Map<RedisAddress, Batch> batches = new LinkedHashMap<>();
    private final Outcome[] outcomes;

    Batches(int size) {
        this.outcomes = new Outcome[size];
        Arrays.fill(
                outcomes,
                new Outcome(null, new RedisUnavailableException("no server has the keys' slot", null), false));
    }

    /**
     * Adds a request.
     *
     * @param place where its outcome belongs
     * @param server null: nobody has its keys
     */
    void add(int place, @Nullable RedisAddress server, Request request) {
        if (server != null) {
            Batch batch = batches.computeIfAbsent(server, none -> new Batch());
            batch.places().add(place);
            batch.requests().add(request);
        }
    }

    /** Sends each server its own in one write. */
    Future<List<Outcome>> send(Map<RedisAddress, RedisLink> links) {
        List<Future<Void>> all = new ArrayList<>(batches.size());
        batches.forEach((server, batch) -> {
            RedisLink link = links.get(server);
            if (link != null) {
                all.add(link.each(batch.requests()).map(answers -> note(batch, answers)));
            }
        });
        return Future.join(all).map(done -> Arrays.asList(outcomes));
    }

    private @Nullable Void note(Batch batch, List<Outcome> answers) {
        for (int i = 0; i < answers.size(); i++) {
            outcomes[batch.places().get(i)] = answers.get(i);
        }
        return null;
    }
}
