package io.pesan.bench;

/** When one connection may ask: as soon as it has room (closed loop), or at fixed times (open loop). */
interface Pace {

    /** Nothing is due yet. */
    long NOT_DUE = Long.MIN_VALUE;

    /**
     * Takes the next request's start off, if it is due.
     *
     * @return the time from which its latency counts ({@link System#nanoTime}), or {@link #NOT_DUE}
     */
    long next(long now);

    /** Asks again as soon as an answer makes room. */
    Pace CLOSED = now -> now;

    /**
     * One connection's share of a fixed rate. Latency counts from the intended time, however late the request goes out:
     * otherwise a server that stalls would slow its own measurement down (coordinated omission).
     */
    final class Fixed implements Pace {

        private final long offset;
        private final double interval;
        private long begin;
        private long asked;

        /**
         * @param offset nanoseconds from the run's beginning to this connection's first request
         * @param interval nanoseconds between two of this connection's requests
         */
        Fixed(long offset, double interval) {
            this.offset = offset;
            this.interval = interval;
        }

        /** Sets the run's beginning ({@link System#nanoTime}). */
        void beginAt(long time) {
            begin = time;
        }

        @Override
        public long next(long now) {
            long due = begin + offset + (long) (asked * interval);
            if (due - now > 0) {
                return NOT_DUE;
            }
            asked++;
            return due;
        }
    }
}
