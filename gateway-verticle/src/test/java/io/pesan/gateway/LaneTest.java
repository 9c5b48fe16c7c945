package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for its turn, and how long. */
class LaneTest {

    private static final long SECOND = 1_000_000_000L;

    private final List<List<String>> batches = new ArrayList<>();
    private final List<Promise<List<String>>> answers = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final long now = System.nanoTime();

    private final Lane<String, String> lane = new Lane<>(new Lane.Service<>() {
        @Override
        public void setConnection(String command, int ordinal) {}

        @Override
        public Future<List<String>> call(List<String> commands, long number, Duration patience) {
            batches.add(List.copyOf(commands));
            Promise<List<String>> answer = Promise.promise();
            answers.add(answer);
            return answer.future();
        }

        @Override
        public String unavailable() {
            return "unavailable";
        }
    });

    private Lane.Run<String, String> run(String command, long deadlineNanos, Runnable next) {
        return new Lane.Run<>(command, List.of(command), 1, deadlineNanos, results -> {
            heard.add(command + " " + results.get(0));
            next.run();
        });
    }

    private void offer(String command, long deadlineNanos) {
        lane.offer(run(command, deadlineNanos, () -> {}));
    }

    @Test
    void answersWhatWaitsPastItsDeadlineThoughTheBatchBeforeIsUnderWay() {
        offer("first", now + 60 * SECOND);
        offer("patient", now + 60 * SECOND);
        offer("urgent", now + 20 * SECOND);
        offer("later", now + 40 * SECOND);
        lane.expire(now + 19 * SECOND);
        assertThat(heard).isEmpty();
        lane.expire(now + 20 * SECOND);
        assertThat(heard).containsExactly("urgent unavailable");
        lane.expire(now + 41 * SECOND);
        assertThat(heard).containsExactly("urgent unavailable", "later unavailable");
        answers.get(0).complete(List.of("done"));
        assertThat(heard).endsWith("first done");
        assertThat(batches).containsExactly(List.of("first"), List.of("patient"));
    }

    @Test
    void keepsOneBatchUnderWayWhenALateRunBringsTheNextOfItsConnection() {
        offer("first", now + 60 * SECOND);
        lane.offer(run("late", now, () -> offer("next", now + 60 * SECOND)));
        offer("waiting", now + 60 * SECOND);
        answers.get(0).complete(List.of("done"));
        assertThat(heard).containsExactly("first done", "late unavailable");
        assertThat(batches).containsExactly(List.of("first"), List.of("waiting", "next"));
    }

    @Test
    void takesTheNextBatchAfterOneOfWhichEverythingWasLate() {
        offer("late", now);
        assertThat(heard).containsExactly("late unavailable");
        offer("prompt", now + 60 * SECOND);
        assertThat(batches).containsExactly(List.of("prompt"));
    }
}
