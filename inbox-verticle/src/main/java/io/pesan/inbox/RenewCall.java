package io.pesan.inbox;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/** Prolongs a hand-over's lease to {@link InboxCall#LEASE} from now. */
record RenewCall(int command, Username username, String lease) implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(RenewCall.class, "renew");

    @Override
    public Request request() {
        return SCRIPT.call(List.of(RedisKeys.inboxLease(username)), lease, LEASE.toMillis());
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        results.settled(command, answer.toInteger() == 1, 0);
    }
}
