package io.pesan.inbox;

import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;

/** One call of a script, made for one or more commands of a batch. */
sealed interface InboxCall
        permits AppendCall,
                RecallCall,
                TakeCall,
                ReadCall,
                ListenCall,
                StopListeningCall,
                RemoveCall,
                ReleaseCall,
                RenewCall {

    /** A hand-over's lease; the gateway renews it while the hand-over lasts. */
    Duration LEASE = Duration.ofSeconds(5);

    Request request();

    /** Whether what the call tells is promised: then it must be kept as safely as {@code redis.durability} says. */
    default boolean isPromise() {
        return false;
    }

    /** Tells each of the commands what has become of it. */
    void settle(Response answer, BatchResults results);
}
