package io.pesan.inbox;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/** Ends a hand-over's lease; its messages stay. */
record ReleaseCall(int command, Username username, String lease) implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(ReleaseCall.class, "release");

    @Override
    public Request request() {
        return SCRIPT.call(List.of(RedisKeys.inboxLease(username)), lease);
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        results.settled(command, answer.toInteger() == 1, 0);
    }
}
