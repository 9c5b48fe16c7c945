package io.pesan.node;

import java.io.IOException;

/**
 * What ties a node to the process that started it: a pipe as its standard input, which ends when that process does, however
 * that comes about. Then the node drains and ends, as upon a signal.
 */
public final class Lifeline {

    /** System property that says that standard input is one. */
    public static final String PROPERTY = "pesan.lifeline";

    private Lifeline() {}

    static void holdIfGiven() {
        if (Boolean.getBoolean(PROPERTY)) {
            Thread holding = new Thread(Lifeline::hold, "lifeline");
            holding.setDaemon(true);
            holding.start();
        }
    }

    private static void hold() {
        try {
            while (System.in.read() >= 0) {
                // Nobody writes to it.
            }
        } catch (IOException broken) {
            // As good as its end.
        }
        System.exit(0);
    }
}
