package io.pesan.gateway;

import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What one event loop's connections hold for their clients beside the commands that wait (those are the {@link Backlog}'s):
 * beginnings of lines, and replies and events that a client has not taken. Each connection has bounds of its own; this is
 * the bound of all together. Beyond it connections are reset, those first that have shown no session, and of those the
 * ones that hold most, until a quarter of it is free.
 */
final class ClientMemory {

    /** A connection, as seen from here. */
    interface Holder {
        long heldBytes();

        /** Whether a command on it showed a session that lives. */
        boolean isKnown();

        /** Ends it, and releases what it holds. */
        void evict();
    }

    private static final Comparator<Holder> FIRST_TO_GO = Comparator.comparing(Holder::isKnown)
            .thenComparing(Comparator.comparingLong(Holder::heldBytes).reversed());

    private final long most;
    private long held;

    /** @param most bytes */
    ClientMemory(long most) {
        this.most = most;
    }

    /** A connection holds so many bytes more; or fewer, if it is negative. */
    void add(long bytes) {
        held += bytes;
    }

    long heldBytes() {
        return held;
    }

    /**
     * Makes room if there is too little.
     *
     * @return how many connections had to go
     */
    int relieve(Supplier<Stream<? extends Holder>> connections) {
        if (held <= most) {
            return 0;
        }
        int evicted = 0;
        List<? extends Holder> candidates = connections
                .get()
                .filter(holder -> holder.heldBytes() > 0)
                .sorted(FIRST_TO_GO)
                .toList();
        for (Holder candidate : candidates) {
            if (held <= most - most / 4) {
                break;
            }
            candidate.evict();
            evicted++;
        }
        return evicted;
    }
}
