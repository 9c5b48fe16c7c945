package io.pesan.redis;

import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request of a batch.
 *
 * @param answer Redis's; null: nil, or none came
 * @param failure why none came; null: one did
 * @param isKept whether whatever the answer rests on is as durable as is configured; false without an answer
 */
public record Outcome(@Nullable Response answer, @Nullable RedisUnavailableException failure, boolean isKept) {

    /** Whether Redis has carried the request out, and said so. */
    public boolean isAnswered() {
        return failure == null;
    }

    /** Why the request can't be relied on, of one that was not answered or is not kept. */
    public RedisUnavailableException asFailure() {
        return failure == null ? new RedisUnavailableException("too few replicas have it", null) : failure;
    }

    static List<Outcome> answered(List<Response> answers, boolean kept) {
        List<Outcome> outcomes = new ArrayList<>(answers.size());
        for (Response answer : answers) {
            outcomes.add(new Outcome(answer, null, kept));
        }
        return outcomes;
    }

    static List<Outcome> failed(int count, RedisUnavailableException failure) {
        return Collections.nCopies(count, new Outcome(null, failure, false));
    }
}
