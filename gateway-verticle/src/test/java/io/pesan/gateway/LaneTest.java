package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for its turn, and how long. */
class LaneTest {

    private static final long SECOND = 1_000_000_000L;

    private final List<List<String>> batches = new ArrayList<>();
    private final List<Promise<List<String>>> answers = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final long now = System.nanoTime();

    private final Lane<String, String> lane = new Lane<>(new Lane.Service<>() {
        @Override
        public void setConnection(String command, int ordinal) {}

        @Override
        public Future<List<String>> call(List<String> commands, long number, long untilNanos) {
            batches.add(List.copyOf(commands));
            ends.add(untilNanos);
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
        return run(command, 0, deadlineNanos, next);
    }

    private Lane.Run<String, String> run(String command, int replyBytes, long deadlineNanos, Runnable next) {
        return new Lane.Run<>(command, List.of(command), 1, replyBytes, deadlineNanos, results -> {
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

    @Test
    void letsARunOffWhoseTimeIsUpAndGoesOnWithTheOthersOfItsBatch() {
        offer("first", now + 60 * SECOND);
        offer("patient", now + 60 * SECOND);
        lane.offer(run("hurried", now + 2 * SECOND, () -> offer("next", now + 70 * SECOND)));
        offer("urgent", now + 4 * SECOND);
        answers.get(0).complete(List.of("done"));
        assertThat(batches.get(1)).containsExactly("patient", "hurried", "urgent");
        assertThat(ends.get(1)).as("time given to the batch").isEqualTo(now + 60 * SECOND);
        lane.expire(now + 2 * SECOND - 1);
        assertThat(heard).containsExactly("first done");
        lane.expire(now + 2 * SECOND);
        assertThat(heard).containsExactly("first done", "hurried unavailable");
        lane.expire(now + 4 * SECOND);
        assertThat(heard).endsWith("urgent unavailable");
        // The lane is still taken.
        assertThat(batches).hasSize(2);
        answers.get(1).complete(List.of("one", "two", "three"));
        assertThat(heard).containsExactly("first done", "hurried unavailable", "urgent unavailable", "patient one");
        assertThat(batches.get(2)).containsExactly("next");
    }

    @Test
    void putsNoMoreIntoABatchThanItsReplyMayHold() {
        offer("first", now + 60 * SECOND);
        for (int i = 0; i < 100; i++) {
            lane.offer(run("large", 512 << 10, now + 60 * SECOND, () -> {}));
        }
        // Each answer lets the next batch go out.
        for (int i = 0; i < answers.size(); i++) {
            answers.get(i).complete(Collections.nCopies(batches.get(i).size(), "done"));
        }
        assertThat(batches.stream().map(List::size)).containsExactly(1, 32, 32, 32, 4);
        assertThat(heard).hasSize(101);
    }
}
