package io.pesan.node;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a node, or several, by a signal: SIGTERM or SIGINT drains and exits with 0, a second SIGINT ends the process at
 * once, whatever began the drain. A Redis of its own stops in good order in any case: its guard sees to that.
 */
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final int INTERRUPTED = 130;

    private final Callable<Integer> stop;
    private final Runnable atOnce;
    private final Thread hook = new Thread(this::drain, "shutdown");
    private final AtomicInteger interrupts = new AtomicInteger();

    private Shutdown(Callable<Integer> stop, Runnable atOnce) {
        this.stop = stop;
        this.atOnce = atOnce;
    }

    static Shutdown arm(PesanNode node) {
        return arm(
                () -> {
                    node.stop().toCompletionStage().toCompletableFuture().get();
                    return 0;
                },
                () -> {});
    }

    /**
     * @param stop ends everything in good order and returns the process's exit status; may block
     * @param atOnce ends what would outlive the process when it is ended at once; must not block
     */
    static Shutdown arm(Callable<Integer> stop, Runnable atOnce) {
        Shutdown shutdown = new Shutdown(stop, atOnce);
        Runtime.getRuntime().addShutdownHook(shutdown.hook);
        onInterrupt(shutdown::interrupted);
        return shutdown;
    }

    /** The node has ended by itself: the process may, too, with a status of its own. */
    void disarm() throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException underWay) {
            // A signal came while the start was failing: the hook ends the process.
            Thread.currentThread().join();
        }
    }

    /** A JVM that a signal ended exits with 128 and the signal's number, unless a hook halts it first. */
    private void drain() {
        LOG.atInfo().log("stopping");
        int status = 1;
        try {
            status = stop.call();
            LOG.atInfo().log("stopped");
        } catch (Exception failure) {
            LOG.atError().setCause(failure).log("the stop failed");
        }
        ConsoleLogging.end();
        Runtime.getRuntime().halt(status);
    }

    private void interrupted() {
        if (interrupts.incrementAndGet() > 1) {
            atOnce.run();
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        // Where a SIGTERM has begun the drain already, this waits for its end. Each signal has a thread of its own.
        System.exit(0);
    }

    /**
     * The JVM's own handler ignores a second SIGINT, and there is no supported way to have another; the one that every
     * JDK has is called by its name, as the compiler warns of it. Without it a second SIGINT waits like the first.
     */
    private static void onInterrupt(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                }
                return null;
            };
            Object proxy = Proxy.newProxyInstance(Shutdown.class.getClassLoader(), new Class<?>[] {handler}, call);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
        } catch (ReflectiveOperationException | RuntimeException unavailable) {
            LOG.atDebug().setCause(unavailable).log("a second SIGINT will not end the node at once");
        }
    }
}
