package io.pesan.inbox;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks one recipient's inbox which messages of a batch that is sent again were stored before. It changes nothing and
 * settles what it finds; what was not stored stays to be sent.
 */
final class RecallCall implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(RecallCall.class, "recall");

    private static final String NOT_STORED = "-";
    private static final String NOBODY_KNOWS = "?";

    private final List<String> keys;
    private final List<Object> arguments = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();

    private record Asked(int command, boolean clientTagged) {}

    /**
     * Begins with no message.
     *
     * @param firstSentMillis moment in Redis's clock not after the batch was first sent
     */
    RecallCall(Username recipient, long firstSentMillis) {
        this.keys = List.of(RedisKeys.inbox(recipient), RedisKeys.inboxRemoved(recipient));
        arguments.add(firstSentMillis);
    }

    /** @param clientTagged whether the message has a tag of its sender's, by which the append script knows it again */
    void add(int command, String tag, boolean clientTagged) {
        asked.add(new Asked(command, clientTagged));
        arguments.add(tag);
    }

    @Override
    public Request request() {
        return SCRIPT.call(keys, arguments.toArray());
    }

    @Override
    public boolean isPromise() {
        return true;
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        String[] words = answer.toString().split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            Asked message = asked.get(i);
            if (words[i].equals(NOBODY_KNOWS)) {
                if (!message.clientTagged()) {
                    results.unavailable(message.command());
                }
            } else if (!words[i].equals(NOT_STORED)) {
                results.sent(message.command(), words[i]);
            }
        }
    }
}
