package io.pesan.gateway;

import java.util.ArrayDeque;

/**
 * What one event loop's connections have read and not yet answered. When it is full, connections stop reading, and go on
 * in their order once it is half empty: memory is bounded however many clients send however fast.
 */
final class Backlog {

    /** Most commands read and not answered, all connections together; each takes about half a KiB beside its text. */
    private static final int MAX_COMMANDS = 100_000;

    /** Most bytes of their lines. */
    private static final long MAX_BYTES = 64L << 20;

    private final ArrayDeque<Runnable> halted = new ArrayDeque<>();
    private int commands;
    private long bytes;
    private boolean releasing;

    boolean isFull() {
        return commands >= MAX_COMMANDS || bytes >= MAX_BYTES;
    }

    void add(int lineBytes) {
        commands++;
        bytes += lineBytes;
    }

    void remove(int answered, int lineBytes) {
        commands -= answered;
        bytes -= lineBytes;
    }

    /** Remembers a connection that stopped because the backlog is full. At most one entry each. */
    void halt(Runnable resume) {
        halted.add(resume);
    }

    /** Lets connections go on, while there is room. */
    void release() {
        // What goes on may end up here again.
        if (releasing) {
            return;
        }
        releasing = true;
        try {
            while (!halted.isEmpty() && commands < MAX_COMMANDS / 2 && bytes < MAX_BYTES / 2) {
                halted.remove().run();
            }
        } finally {
            releasing = false;
        }
    }
}
