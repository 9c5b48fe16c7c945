package io.pesan.inbox;

import io.pesan.contract.bus.proto.Arrival;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisScript;
import io.pesan.redis.Session;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends messages to one recipient's inbox, in their order. Holds as much as Redis may be kept busy with at a stretch:
 * {@value #MAX_MESSAGES} messages, or {@value #MAX_CHARACTERS} characters of text and one message more.
 */
final class AppendCall implements InboxCall {

    static final RedisScript SCRIPT = RedisScript.load(AppendCall.class, "append");

    private static final Logger LOG = LoggerFactory.getLogger(AppendCall.class);

    static final int MAX_MESSAGES = 256;
    static final int MAX_CHARACTERS = 256 * 1024;

    /**
     * Tags of one inbox beyond which the older half is forgotten before its time: each takes about 100 bytes, so an inbox
     * has 50 MB of them at most. At least so many are remembered.
     */
    static final int MAX_TAGS = 250_000;

    private final InboxConfig config;
    private final Username recipient;
    private final long deadlineMillis;
    /** The script's arguments for the messages, in their order. */
    private final List<Object> stored = new ArrayList<>(4);

    private final List<Message> messages = new ArrayList<>(4);
    private int characters;
    private boolean tagged;
    /** Whether a message is longer than any from which {@link InboxConfig#fewMessages} is reckoned. */
    private boolean overlong;

    /** What a command of the batch sends. */
    private record Message(int command, Session sender, String text) {}

    /** @param deadlineMillis moment in Redis's clock after which nothing is stored any more */
    AppendCall(Username recipient, InboxConfig config, long deadlineMillis) {
        this.recipient = recipient;
        this.config = config;
        this.deadlineMillis = deadlineMillis;
    }

    /**
     * Adds a message.
     *
     * @param batchTag see {@link BatchTag}
     * @param clientTag the client's; empty: none
     */
    void add(int command, String batchTag, Session sender, String text, String clientTag) {
        if (!clientTag.isEmpty() && !config.tagWindow().isZero()) {
            stored.add(TagKey.of(sender.username(), clientTag, text));
            tagged = true;
        }
        messages.add(new Message(command, sender, text));
        characters += text.length();
        String message = StoredText.encode(batchTag, sender, text);
        overlong |= StoredText.isLonger(message, config.longestMessage());
        stored.add(message);
    }

    boolean hasRoom() {
        return messages.size() < MAX_MESSAGES && characters < MAX_CHARACTERS;
    }

    @Override
    public Request request() {
        List<String> keys = new ArrayList<>(6);
        keys.add(RedisKeys.account(recipient));
        keys.add(RedisKeys.inbox(recipient));
        keys.add(RedisKeys.inboxCounted(recipient));
        keys.add(RedisKeys.listeners(recipient));
        if (tagged) {
            keys.add(RedisKeys.tags(recipient));
            keys.add(RedisKeys.tagsBefore(recipient));
        }
        return SCRIPT.call(keys, arguments().toArray());
    }

    private List<Object> arguments() {
        List<Object> arguments = new ArrayList<>(6 + stored.size());
        arguments.add(deadlineMillis);
        arguments.add(config.maxMessages());
        arguments.add(config.maxBytes());
        arguments.add(overlong ? 0 : config.fewMessages());
        if (tagged) {
            arguments.add(config.tagWindow().toMillis());
            arguments.add(MAX_TAGS);
        }
        arguments.addAll(stored);
        return arguments;
    }

    @Override
    public boolean isPromise() {
        return true;
    }

    @Override
    public void settle(Response answer, BatchResults results) {
        Words words = new Words(answer.toString());
        String word = words.next();
        if (word.equals("refused")) {
            LOG.atWarn().addKeyValue("answer", answer).log("Redis refuses to store messages");
            messages.forEach(message -> results.unavailable(message.command()));
            return;
        }
        Arrival.Builder arrival = Arrival.newBuilder();
        for (Message message : messages) {
            switch (word) {
                case "late" -> results.late(message.command());
                case "unknown" -> results.recipientUnknown(message.command());
                case "full" -> results.inboxFull(message.command());
                case "reused" -> results.tagReused(message.command());
                default -> {
                    if (word.charAt(0) == '=') {
                        results.sentBefore(message.command(), word.substring(1));
                    } else {
                        results.stored(message.command(), word);
                        if (words.hasNotice()) {
                            arrival.addMessages(arrived(message, word));
                        }
                    }
                }
            }
            // The last word holds for all messages that are left.
            word = words.hasNext() ? words.next() : word;
        }
        if (words.hasNotice()) {
            results.arrived(
                    words.gateways(),
                    arrival.setUsername(recipient.value())
                            .setFollows(words.follows())
                            .build());
        }
    }

    private static StoredMessage arrived(Message message, String id) {
        return StoredMessage.newBuilder()
                .setId(id)
                .setFrom(message.sender().username().value())
                .setName(message.sender().name())
                .setText(message.text())
                .build();
    }

    /** The script's answer, taken apart word by word: tens of thousands a second. */
    private static final class Words {

        private static final String NOTICE = " > ";

        private final String answer;
        /** Where the words about messages end. */
        private final int end;

        private int at;

        Words(String answer) {
            this.answer = answer;
            int notice = answer.indexOf(NOTICE);
            this.end = notice < 0 ? answer.length() : notice;
        }

        boolean hasNext() {
            return at < end;
        }

        String next() {
            int space = answer.indexOf(' ', at);
            int wordEnd = space < 0 || space > end ? end : space;
            String word = answer.substring(at, wordEnd);
            at = wordEnd + 1;
            return word;
        }

        boolean hasNotice() {
            return end < answer.length();
        }

        String follows() {
            return notice()[0];
        }

        List<String> gateways() {
            String[] words = notice();
            return Arrays.asList(words).subList(1, words.length);
        }

        private String[] notice() {
            return answer.substring(end + NOTICE.length()).split(" ", -1);
        }
    }
}
