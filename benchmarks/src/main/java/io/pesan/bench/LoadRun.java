package io.pesan.bench;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run: connect, warm up, measure, wait for what is still under way. */
final class LoadRun {

    /** Answers that come later than this after the window count as missing. */
    private static final long TAIL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final double NANOS_PER_SECOND = 1e9;
    /** From the last preparation to the first request of an open loop. */
    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final InetSocketAddress server;
    private final Duration warmup;
    private final Duration duration;
    private final List<Long> pids;

    /** Makes the conversation of each connection. */
    interface Conversations {
        Conversation of(int connection, Tally tally);
    }

    /** @param pids processes whose CPU time and memory are read */
    LoadRun(InetSocketAddress server, Duration warmup, Duration duration, List<Long> pids) {
        this.server = server;
        this.warmup = warmup;
        this.duration = duration;
        this.pids = List.copyOf(pids);
    }

    /** Loads the server in this way; the companions do their work meanwhile. */
    Result measure(Shape shape, Conversations conversations, Companions companions) {
        return measure(shape, new Tally(), conversations, companions);
    }

    /** The same, with a tally in which the companions count, too. */
    Result measure(Shape shape, Tally tally, Conversations conversations, Companions companions) {
        try (LoadLoop loop = new LoadLoop(server)) {
            Schedule schedule = connect(loop, shape, conversations, tally);
            companions.connect(loop);
            loop.awaitConnected();
            long from = System.nanoTime() + warmup.toNanos();
            long to = from + duration.toNanos();
            tally.measure(from, to);
            loop.startAsking(schedule);
            loop.run(() -> false, from);
            double cpuBefore = threadCpuSeconds();
            long callsBefore = companions.calls();
            Map<Long, ProcessUsage> before = usage();
            loop.run(() -> false, to);
            double cpu = threadCpuSeconds() - cpuBefore;
            long calls = companions.calls() - callsBefore;
            Map<Long, ProcessUsage> used = usedSince(before);
            loop.stopAsking();
            loop.run(() -> loop.underWay() == 0 && companions.missing() == 0, to + TAIL_NANOS);
            tally.unanswered(loop.underWay());
            tally.missing(companions.missing());
            return new Result(shape, duration.toNanos() / NANOS_PER_SECOND, tally, calls, cpu, used);
        }
    }

    /** For an open loop the n-th request of the run belongs to connection n modulo their number. */
    private static Schedule connect(LoadLoop loop, Shape shape, Conversations conversations, Tally tally) {
        boolean closed = shape.rate() == 0;
        double interval = closed ? 0 : NANOS_PER_SECOND / shape.rate();
        // Making connections takes a while: the first request is due only after that.
        List<Pace.Fixed> paces = new ArrayList<>();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < shape.connections(); i++) {
            Pace pace = Pace.CLOSED;
            if (!closed) {
                Pace.Fixed fixed = new Pace.Fixed((long) (i * interval), interval * shape.connections());
                paces.add(fixed);
                pace = fixed;
            }
            connections.add(loop.connect(conversations.of(i, tally), pace, shape.depth()));
        }
        loop.awaitConnected();
        if (closed) {
            return Schedule.NONE;
        }
        long first = System.nanoTime() + LEAD_NANOS;
        paces.forEach(pace -> pace.beginAt(first));
        return new Schedule.AtRate(connections, first, interval);
    }

    /** Has every inbox emptied that the drain has a session for. */
    void empty(Recipients recipients, Drain drain, Duration patience) {
        try (LoadLoop loop = new LoadLoop(server)) {
            drain.connect(loop);
            loop.awaitConnected();
            loop.startAsking(Schedule.NONE);
            recipients.emptyAll();
            if (!loop.run(drain::isDone, System.nanoTime() + patience.toNanos())) {
                throw new BenchException("the inboxes could not be emptied within " + patience.toSeconds() + " s");
            }
        }
    }

    private static double threadCpuSeconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / NANOS_PER_SECOND;
    }

    private Map<Long, ProcessUsage> usage() {
        Map<Long, ProcessUsage> usage = new LinkedHashMap<>();
        pids.forEach(pid -> usage.put(pid, ProcessUsage.of(pid)));
        return usage;
    }

    private Map<Long, ProcessUsage> usedSince(Map<Long, ProcessUsage> before) {
        Map<Long, ProcessUsage> used = new LinkedHashMap<>();
        before.forEach((pid, then) -> used.put(pid, ProcessUsage.of(pid).since(then)));
        return used;
    }
}
