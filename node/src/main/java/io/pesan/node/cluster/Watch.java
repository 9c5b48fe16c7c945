package io.pesan.node.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at something again and again until it is closed: on a thread of its own, for looking blocks. */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** One look. */
    interface Look {
        void look() throws InterruptedException;
    }

    private final String name;
    private final Duration first;
    private final Duration pause;
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * @param name of the thread
     * @param first time before the first look
     * @param pause time between a look and the next
     */
    Watch(String name, Duration first, Duration pause) {
        this.name = name;
        this.first = first;
        this.pause = pause;
    }

    /** Once. */
    void begin(Look look) {
        Thread looking = new Thread(() -> keepLooking(look), name);
        looking.setDaemon(true);
        looking.start();
    }

    private void keepLooking(Look look) {
        try {
            Duration next = first;
            while (!closing.await(next.toMillis(), TimeUnit.MILLISECONDS)) {
                lookOnce(look);
                next = pause;
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookOnce(Look look) throws InterruptedException {
        try {
            look.look();
        } catch (RuntimeException bug) {
            // Thrown, it would end the thread, and nobody would look any more.
            // What is looked at goes when it is closed.
            if (!isClosed()) {
                LOG.atError().setCause(bug).addKeyValue("watch", name).log("a look at the cluster failed");
            }
        }
    }

    /** Whether a look that is under way has come too late. */
    boolean isClosed() {
        return closing.getCount() == 0;
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
