package io.pesan.bench;

import java.util.List;

/** Tells connections that a request of theirs is due, at a fixed rate, one connection after the other. */
interface Schedule {

    /** A closed loop has no schedule: answers alone make room for requests. */
    Schedule NONE = now -> Long.MAX_VALUE;

    /**
     * Has everything asked that is due.
     *
     * @return nanoseconds until the next request is due, at least 1
     */
    long dispatch(long now);

    /** A rate of the whole run, spread over its connections; each of them has the matching {@link Pace.Fixed}. */
    final class AtRate implements Schedule {

        private final List<Connection> connections;
        private final long first;
        private final double interval;
        private long dispatched;

        /**
         * @param first when the first request is due ({@link System#nanoTime})
         * @param interval nanoseconds from one request of the run to the next
         */
        AtRate(List<Connection> connections, long first, double interval) {
            this.connections = List.copyOf(connections);
            this.first = first;
            this.interval = interval;
        }

        @Override
        public long dispatch(long now) {
            while (due() - now <= 0) {
                connections.get((int) (dispatched % connections.size())).pump(now);
                dispatched++;
            }
            return due() - now;
        }

        private long due() {
            return first + (long) (dispatched * interval);
        }
    }
}
