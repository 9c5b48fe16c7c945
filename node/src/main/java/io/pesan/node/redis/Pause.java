package io.pesan.node.redis;

import io.pesan.node.config.StartFailure;

/** Between two looks at something that tells nobody when it changes, such as another process. Blocks. */
final class Pause {

    private static final long MILLIS = 10;

    private Pause() {}

    static void briefly() {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for the embedded Redis", interrupted);
        }
    }
}
