package io.pesan.node.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/** How often values fell between bounds, and their sum; one thread records, any may read, a moment late. */
final class Distribution {

    private final long[] bounds;
    /** One for each bound, one for what is above the last, and the sum. */
    private final AtomicLongArray cells;

    /** @param bounds ascending; each belongs to the values below it */
    Distribution(long[] bounds) {
        this.bounds = bounds;
        this.cells = new AtomicLongArray(bounds.length + 2);
    }

    void record(long value) {
        record(value, 1);
    }

    /** Records a value so many times. */
    void record(long value, int times) {
        int bucket = 0;
        // From below: most of what is measured here is small, and this is quicker than halving.
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        add(bucket, times);
        add(bounds.length + 1, value * times);
    }

    private void add(int cell, long more) {
        cells.setOpaque(cell, cells.getPlain(cell) + more);
    }

    /** How many buckets it has: one more than bounds. */
    int buckets() {
        return bounds.length + 1;
    }

    /** Adds what has been recorded to the counts of its series, by buckets; returns the sum of the values. */
    long addTo(long[] counts) {
        for (int bucket = 0; bucket <= bounds.length; bucket++) {
            counts[bucket] += cells.getOpaque(bucket);
        }
        return cells.getOpaque(bounds.length + 1);
    }
}
