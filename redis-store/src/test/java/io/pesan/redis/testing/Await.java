package io.pesan.redis.testing;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** Waits on a test's own thread for what happens on event loops. */
public final class Await {

    private static final long SECONDS = 30;

    private Await() {}

    /** The future's result, within half a minute; a {@code CompletionException} if it fails. */
    public static <T> T result(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
