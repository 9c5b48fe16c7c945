package io.pesan.redis;

import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an operator what Redis refuses: no memory, no disk, no permission, a replica. Each kind once a minute, as a server
 * in trouble refuses thousands of calls a second. Owned by its link's event loop.
 */
final class RefusalLog {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    /** Redis knows some twenty; beyond these, kinds are not told apart. */
    private static final int MOST_KINDS = 32;

    private static final String CLOSED = "CONNECTION_CLOSED";
    private static final int LONGEST_REASON = 500;
    /** What follows the first failure of a batch ({@code ERR [index] text} each), or a command's name. */
    private static final Pattern OTHERS = Pattern.compile("( ERR \\[\\d+] |,? with args beginning with).*");

    private final String server;
    private final Map<String, Long> lastNanos = new HashMap<>();

    RefusalLog(String server) {
        this.server = server;
    }

    /** Whether Redis itself said no; that the connection was closed, the client puts into the same form. */
    static boolean isRefusal(Throwable failure) {
        return failure instanceof Response
                && !String.valueOf(failure.getMessage()).contains(CLOSED);
    }

    /**
     * A failure in one line: of a batch's the first, and without the arguments that Redis shows of a command it does not
     * know, as they may be secret.
     */
    static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        String beginning = message.substring(0, Math.min(message.length(), LONGEST_REASON));
        return OTHERS.matcher(beginning.replaceAll("\\s+", " ").replaceFirst("^ERR \\[\\d+] ", ""))
                .replaceFirst("")
                .strip();
    }

    /** @param refusal what Redis said, whose first word names its kind */
    void report(String refusal) {
        String kind = refusal.split(" ", 2)[0];
        if (lastNanos.size() >= MOST_KINDS && !lastNanos.containsKey(kind)) {
            return;
        }
        long now = System.nanoTime();
        Long last = lastNanos.get(kind);
        if (last == null || now - last >= INTERVAL.toNanos()) {
            lastNanos.put(kind, now);
            LOG.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("reason", refusal)
                    .log("Redis refuses calls");
        }
    }
}
