package io.pesan.node.metrics;

import java.util.concurrent.atomic.AtomicLong;

/** A number that one thread changes and any may read, a moment late. */
final class Count {

    private final AtomicLong value = new AtomicLong();

    void increment() {
        add(1);
    }

    /** Not atomic: there is one writer. */
    void add(long more) {
        value.setOpaque(value.getPlain() + more);
    }

    void set(long now) {
        value.setOpaque(now);
    }

    long get() {
        return value.getOpaque();
    }
}
