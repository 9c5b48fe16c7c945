package io.pesan.inbox;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.pesan.redis.Session;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Appends messages to one recipient's inbox, in their order. Holds as much as Redis may be kept busy with at a stretch:
 * {@value #MAX_MESSAGES} messages, or {@value #MAX_CHARACTERS} characters of text and one message more.
 */
final class AppendCall implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(AppendCall.class, "append");

    static final int MAX_MESSAGES = 256;
    static final int MAX_CHARACTERS = 256 * 1024;

    private final List<String> keys;
    private final List<Object> arguments = new ArrayList<>();
    /** The place in the batch of each message's command. */
    private int[] commands = new int[4];

    private int messages;
    private int characters;

    /** @param deadlineMillis moment in Redis's clock after which nothing is stored any more */
    AppendCall(Username recipient, InboxConfig quota, long deadlineMillis) {
        this.keys = List.of(RedisKeys.account(recipient), RedisKeys.inbox(recipient), RedisKeys.inboxBytes(recipient));
        arguments.add(deadlineMillis);
        arguments.add(quota.maxMessages());
        arguments.add(quota.maxBytes());
        arguments.add(quota.fewMessages());
    }

    void add(int command, String tag, Session sender, String text) {
        if (messages == commands.length) {
            commands = Arrays.copyOf(commands, messages * 2);
        }
        commands[messages++] = command;
        characters += text.length();
        arguments.add(StoredText.encode(tag, sender, text));
    }

    boolean hasRoom() {
        return messages < MAX_MESSAGES && characters < MAX_CHARACTERS;
    }

    @Override
    public Request request() {
        return SCRIPT.call(keys, arguments.toArray());
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        String words = answer.toString();
        int begin = 0;
        int end = endOfWord(words, begin);
        for (int i = 0; i < messages; i++) {
            settle(commands[i], words.substring(begin, end), results);
            // The last word holds for all messages that are left.
            if (end < words.length()) {
                begin = end + 1;
                end = endOfWord(words, begin);
            }
        }
    }

    private static void settle(int command, String word, BatchResults results) {
        switch (word) {
            case "late" -> results.unavailable(command);
            case "unknown" -> results.recipientUnknown(command);
            case "full" -> results.inboxFull(command);
            default -> results.sent(command, word);
        }
    }

    private static int endOfWord(String words, int begin) {
        int space = words.indexOf(' ', begin);
        return space < 0 ? words.length() : space;
    }
}
