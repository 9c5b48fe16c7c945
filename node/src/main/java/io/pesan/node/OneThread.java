package io.pesan.node;

import java.util.concurrent.Executor;

/** Runs what blocks and has no Vert.x to run it: each on a thread of its own, that keeps no process alive. */
final class OneThread {

    private OneThread() {}

    static Executor named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            thread.start();
        };
    }
}
