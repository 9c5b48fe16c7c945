package io.pesan.inbox;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/**
 * Lets a gateway be told no more, unless it has asked again meanwhile.
 *
 * @param untilMillis until when it was to be told, as far as it knows
 */
record StopListeningCall(int command, Username username, String gateway, long untilMillis) implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(StopListeningCall.class, "stop-listening");

    @Override
    public Request request() {
        return SCRIPT.call(List.of(RedisKeys.listeners(username)), gateway, untilMillis);
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        results.listeningStopped(command);
    }
}
