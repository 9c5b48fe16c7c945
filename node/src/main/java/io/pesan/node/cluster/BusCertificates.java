package io.pesan.node.cluster;

import io.pesan.node.config.StartFailure;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks every two seconds whether the files of {@code cluster.tls.*} have changed, and has the event bus use what is in them
 * then; what can't be used is told once, changes nothing, and is tried again each minute, since it may not be the files'
 * fault: a clock that is behind, a busy machine. A thread of its own looks: reading files blocks.
 *
 * <p>It compares what is in the files: Kubernetes changes a mounted secret by a symbolic link above them, and a file that is
 * copied into place may be as old as the one before.
 */
final class BusCertificates implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BusCertificates.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final long CHANGE_SECONDS = 10;
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final Watch watch = new Watch("bus-certificates", PAUSE, PAUSE);
    private final long retryNanos;
    private volatile BusTls current;
    /** What the files held, or why they could not be read, when they were looked at last. */
    private Object seen;
    /** Of what was seen, what has been used or refused. */
    private Object judged;
    /** Whether that was refused, */
    private boolean refused;
    /** and when it was last. */
    private long triedNanos;

    BusCertificates(BusTls current) {
        this(current, RETRY);
    }

    BusCertificates(BusTls current, Duration retry) {
        this.current = current;
        this.retryNanos = retry.toNanos();
        this.seen = current.texts();
        this.judged = seen;
    }

    /** When the certificate in use expires. */
    Instant expires() {
        return current.expires();
    }

    /** Begins to look, for a node's Vert.x. */
    void follow(Vertx clustered) {
        BusSockets sockets = BusSockets.of(clustered);
        watch.begin(() -> look(sockets));
    }

    @Override
    public void close() {
        watch.close();
    }

    /** What changes is left alone until it is the same twice: three files are not written in one moment. */
    private void look(BusSockets sockets) throws InterruptedException {
        Object now = read();
        boolean still = now.equals(seen);
        seen = now;
        boolean changed = !now.equals(judged);
        if (still && (changed || retryIsDue())) {
            judged = now;
            triedNanos = System.nanoTime();
            refused = !take(sockets, now, changed ? Level.WARN : Level.DEBUG);
        }
    }

    private boolean retryIsDue() {
        return refused && System.nanoTime() - triedNanos >= retryNanos;
    }

    private Object read() {
        try {
            return current.files().read();
        } catch (StartFailure unreadable) {
            return String.valueOf(unreadable.getMessage());
        }
    }

    /** @return whether this is what is used now */
    private boolean take(BusSockets sockets, Object now, Level level) throws InterruptedException {
        try {
            if (!(now instanceof BusTlsFiles.Texts texts)) {
                return refuse(level, now);
            }
            if (!texts.equals(current.texts())) {
                use(sockets, BusTls.checked(current.files(), texts));
            }
            return true;
        } catch (StartFailure unusable) {
            return refuse(level, String.valueOf(unusable.getMessage()));
        } catch (ExecutionException | TimeoutException failure) {
            return refuse(level, failure);
        }
    }

    private void use(BusSockets sockets, BusTls next)
            throws InterruptedException, ExecutionException, TimeoutException {
        sockets.use(next).toCompletionStage().toCompletableFuture().get(CHANGE_SECONDS, TimeUnit.SECONDS);
        current = next;
        LOG.atInfo()
                .addKeyValue("subject", next.subject())
                .addKeyValue("expires", next.expires())
                .log("new connections of the event bus use the certificates that changed");
    }

    private static boolean refuse(Level level, Object reason) {
        LOG.atLevel(level)
                .addKeyValue("reason", reason)
                .log("the event bus's certificates changed and can't be used; those from before stay in use");
        return false;
    }
}
