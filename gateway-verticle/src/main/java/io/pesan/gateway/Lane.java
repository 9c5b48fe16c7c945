package io.pesan.gateway;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one event loop to one service: one batch is under way at a time, and whatever arrives meanwhile goes out as
 * the next. So nothing waits while the service is idle, and batches grow with the load.
 *
 * <p>A batch takes at most {@value #MAX_BATCH_COMMANDS} commands and about {@value #MAX_BATCH_BYTES} bytes of lines. What
 * waits is bounded by the {@link Backlog}; a run that has waited past its deadline is answered "unavailable", also while
 * the batch before it is under way: {@link #expire}.
 *
 * @param <C> a command, ready but for its connection's ordinal
 * @param <X> the result of a command
 */
final class Lane<C, X> {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final int MAX_BATCH_COMMANDS = 4_096;
    private static final long MAX_BATCH_BYTES = 1 << 20;

    /** What a lane leads to. */
    interface Service<C, X> {
        /** Gives a command its connection's ordinal within the batch. */
        void setConnection(C command, int ordinal);

        /** Calls the service; the results come in the order of the commands. */
        Future<List<X>> call(List<C> commands, long number, Duration patience);

        /** The result of a command of which nothing is known. */
        X unavailable();
    }

    /**
     * Successive commands of one connection.
     *
     * @param owner the connection: runs of one owner take effect in the order in which they were offered
     * @param commands at least one
     * @param bytes of their lines
     * @param deadlineNanos by when the first of them must be answered, by {@link System#nanoTime}
     * @param completion is given the results, in the order of the commands; called exactly once
     */
    record Run<C, X>(Object owner, List<C> commands, int bytes, long deadlineNanos, Consumer<List<X>> completion) {}

    private final Service<C, X> service;
    /** Empty if no batch is under way. */
    private final ArrayDeque<Run<C, X>> waiting = new ArrayDeque<>();

    /** No waiting run has an earlier deadline. */
    private long earliestDeadlineNanos;

    private boolean underWay;
    private long number;

    Lane(Service<C, X> service) {
        this.service = service;
    }

    /** Adds a run to the next batch, which goes out at once if none is under way. */
    void offer(Run<C, X> run) {
        add(run);
        if (!underWay) {
            dispatch();
        }
    }

    private void add(Run<C, X> run) {
        if (waiting.isEmpty() || run.deadlineNanos() - earliestDeadlineNanos < 0) {
            earliestDeadlineNanos = run.deadlineNanos();
        }
        waiting.add(run);
    }

    /** The result of a command of which nothing is known. */
    X unavailable() {
        return service.unavailable();
    }

    /** Answers the runs that wait past their deadline. To be called often enough for the promise made to clients. */
    void expire(long nowNanos) {
        if (waiting.isEmpty() || earliestDeadlineNanos - nowNanos > 0) {
            return;
        }
        List<Run<C, X>> late = new ArrayList<>();
        List<Run<C, X>> all = List.copyOf(waiting);
        waiting.clear();
        for (Run<C, X> run : all) {
            if (run.deadlineNanos() - nowNanos <= 0) {
                late.add(run);
            } else {
                add(run);
            }
        }
        // Whoever is answered may offer the next run at once: it finds the lane in order.
        late.forEach(run -> complete(run, List.of(), 0));
    }

    private void dispatch() {
        // From here on: a run that is answered for being late may bring the next one of its connection.
        underWay = true;
        List<Run<C, X>> runs = new ArrayList<>();
        List<C> commands = new ArrayList<>();
        long deadline = collect(runs, commands);
        if (runs.isEmpty()) {
            underWay = false;
            return;
        }
        Duration patience = Duration.ofNanos(deadline - System.nanoTime());
        service.call(commands, ++number, patience)
                .onComplete(results -> settle(runs, commands.size(), results), failure -> {
                    LOG.atDebug()
                            .addKeyValue("failure", String.valueOf(failure))
                            .log("a batch got no answer");
                    settle(runs, commands.size(), List.of());
                });
    }

    /** Fills the next batch. Returns the earliest deadline in it. */
    private long collect(List<Run<C, X>> runs, List<C> commands) {
        IdentityHashMap<Object, Integer> ordinals = new IdentityHashMap<>();
        long now = System.nanoTime();
        long deadline = Long.MAX_VALUE;
        long bytes = 0;
        while (!waiting.isEmpty() && commands.size() < MAX_BATCH_COMMANDS && bytes < MAX_BATCH_BYTES) {
            Run<C, X> run = waiting.remove();
            if (run.deadlineNanos() - now <= 0) {
                complete(run, List.of(), 0);
                continue;
            }
            Integer ordinal = ordinals.computeIfAbsent(run.owner(), owner -> ordinals.size());
            for (C command : run.commands()) {
                service.setConnection(command, ordinal);
                commands.add(command);
            }
            runs.add(run);
            bytes += run.bytes();
            deadline = runs.size() == 1 || run.deadlineNanos() - deadline < 0 ? run.deadlineNanos() : deadline;
        }
        return deadline;
    }

    private void settle(List<Run<C, X>> runs, int commands, List<X> results) {
        if (!results.isEmpty() && results.size() != commands) {
            LOG.atError()
                    .addKeyValue("commands", commands)
                    .addKeyValue("results", results.size())
                    .log("a service answered a batch with another number of results");
            settle(runs, commands, List.of());
            return;
        }
        int from = 0;
        for (Run<C, X> run : runs) {
            complete(run, results, from);
            from += run.commands().size();
        }
        dispatch();
    }

    private void complete(Run<C, X> run, List<X> results, int from) {
        int size = run.commands().size();
        try {
            run.completion()
                    .accept(
                            results.isEmpty()
                                    ? Collections.nCopies(size, service.unavailable())
                                    : results.subList(from, from + size));
        } catch (RuntimeException bug) {
            // It must not silence the lane: others wait for theirs.
            LOG.atError().setCause(bug).log("could not take the results of a batch");
        }
    }
}
