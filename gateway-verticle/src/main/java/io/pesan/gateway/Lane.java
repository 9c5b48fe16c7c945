package io.pesan.gateway;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one event loop to one service: one batch is under way at a time, and whatever arrives meanwhile goes out as
 * the next. So nothing waits while the service is idle, and batches grow with the load.
 *
 * <p>A batch takes at most {@value #MAX_BATCH_COMMANDS} commands, about {@value #MAX_BATCH_BYTES} bytes of lines, and commands whose
 * replies come to about {@value #MAX_BATCH_REPLY_BYTES} bytes at most. What
 * waits is bounded by the {@link Backlog}; a run that is not answered by its deadline is answered "unavailable", whether it
 * waits or is under way: {@link #expire}. The batch it rides in goes on for the others; what becomes of the run is not
 * looked at any more.
 *
 * @param <C> a command, ready but for its connection's ordinal
 * @param <X> the result of a command
 */
final class Lane<C, X> {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final int MAX_BATCH_COMMANDS = 4_096;
    private static final long MAX_BATCH_BYTES = 1 << 20;
    /** What the reply to a batch may hold, as far as its commands can tell. */
    private static final long MAX_BATCH_REPLY_BYTES = 16 << 20;
    /** Longer than anything here takes. */
    private static final long NEVER_NANOS = TimeUnit.HOURS.toNanos(1);

    /** What a lane leads to. */
    interface Service<C, X> {
        /** Gives a command its connection's ordinal within the batch. */
        void setConnection(C command, int ordinal);

        /**
         * Calls the service.
         *
         * @param number grows with each call
         * @param untilNanos by when the last of the commands must be answered, by {@link System#nanoTime}
         * @return the results, in the order of the commands
         */
        Future<List<X>> call(List<C> commands, long number, long untilNanos);

        /** The result of a command of which nothing is known. */
        X unavailable();
    }

    /**
     * Successive commands of one connection.
     *
     * @param owner the connection: runs of one owner take effect in the order in which they were offered
     * @param commands at least one
     * @param bytes of their lines
     * @param replyBytes that their results may have, at most and about; 0: few
     * @param deadlineNanos by when the first of them must be answered, by {@link System#nanoTime}
     * @param completion is given the results, in the order of the commands; called exactly once
     */
    record Run<C, X>(
            Object owner,
            List<C> commands,
            int bytes,
            int replyBytes,
            long deadlineNanos,
            Consumer<List<X>> completion) {

        /** What is left of it in its batch once it has been answered. */
        private Run<C, X> answered(long neverNanos) {
            return new Run<>(owner, commands, bytes, replyBytes, neverNanos, results -> {});
        }
    }

    private final Service<C, X> service;
    /** Empty if no batch is under way. */
    private final ArrayDeque<Run<C, X>> waiting = new ArrayDeque<>();

    /** No waiting run has an earlier deadline. */
    private long earliestDeadlineNanos;

    private boolean underWay;
    /** The runs under way; an empty place is one that was answered before its batch. */
    private List<Run<C, X>> riding = List.of();

    /** No run under way has an earlier deadline. */
    private long earliestRidingNanos;

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

    /** Answers the runs that are past their deadline. To be called often enough for the promise made to clients. */
    void expire(long nowNanos) {
        List<Run<C, X>> late = new ArrayList<>();
        if (!riding.isEmpty() && earliestRidingNanos - nowNanos <= 0) {
            letLateOnesOff(nowNanos, late);
        }
        if (!waiting.isEmpty() && earliestDeadlineNanos - nowNanos <= 0) {
            sendLateOnesAway(nowNanos, late);
        }
        // Whoever is answered may offer the next run at once: it finds the lane in order.
        late.forEach(run -> complete(run, List.of(), 0));
    }

    private void letLateOnesOff(long nowNanos, List<Run<C, X>> late) {
        long earliest = nowNanos + NEVER_NANOS;
        for (int i = 0; i < riding.size(); i++) {
            Run<C, X> run = riding.get(i);
            if (run.deadlineNanos() - nowNanos <= 0) {
                late.add(run);
                riding.set(i, run.answered(nowNanos + NEVER_NANOS));
            } else if (run.deadlineNanos() - earliest < 0) {
                earliest = run.deadlineNanos();
            }
        }
        earliestRidingNanos = earliest;
    }

    private void sendLateOnesAway(long nowNanos, List<Run<C, X>> late) {
        List<Run<C, X>> all = List.copyOf(waiting);
        waiting.clear();
        for (Run<C, X> run : all) {
            if (run.deadlineNanos() - nowNanos <= 0) {
                late.add(run);
            } else {
                add(run);
            }
        }
    }

    private void dispatch() {
        // From here on: a run that is answered for being late may bring the next one of its connection.
        underWay = true;
        List<Run<C, X>> runs = new ArrayList<>();
        List<C> commands = new ArrayList<>();
        long untilNanos = collect(runs, commands);
        riding = runs;
        if (runs.isEmpty()) {
            underWay = false;
            return;
        }
        service.call(commands, ++number, untilNanos)
                .onComplete(results -> settle(runs, commands.size(), results), failure -> {
                    LOG.atDebug()
                            .addKeyValue("failure", String.valueOf(failure))
                            .log("a batch got no answer");
                    settle(runs, commands.size(), List.of());
                });
    }

    /** Fills the next batch. Returns the latest deadline in it. */
    private long collect(List<Run<C, X>> runs, List<C> commands) {
        IdentityHashMap<Object, Integer> ordinals = new IdentityHashMap<>();
        long now = System.nanoTime();
        long latest = now;
        long earliest = now + NEVER_NANOS;
        long bytes = 0;
        long replyBytes = 0;
        while (!waiting.isEmpty()
                && commands.size() < MAX_BATCH_COMMANDS
                && bytes < MAX_BATCH_BYTES
                && replyBytes < MAX_BATCH_REPLY_BYTES) {
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
            replyBytes += run.replyBytes();
            latest = run.deadlineNanos() - latest > 0 ? run.deadlineNanos() : latest;
            earliest = run.deadlineNanos() - earliest < 0 ? run.deadlineNanos() : earliest;
        }
        earliestRidingNanos = earliest;
        return latest;
    }

    private void settle(List<Run<C, X>> runs, int commands, List<X> results) {
        riding = List.of();
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
            LOG.atError().setCause(bug).addKeyValue("owner", run.owner()).log("could not take the results of a batch");
        }
    }
}
