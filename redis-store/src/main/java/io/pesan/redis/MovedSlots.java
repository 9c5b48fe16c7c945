package io.pesan.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells from a batch's failure whether a server of a Redis Cluster refused all of it, as another has the keys' slots. */
final class MovedSlots {

    /** Commands that a server carries out whoever has which keys. */
    private static final Set<Command> KEYLESS = Set.of(Command.WAIT, Command.TIME, Command.PING);

    /** The client puts the refusals of a batch into one message, a line each: {@code ERR [index]MOVED slot server}. */
    private static final Pattern MOVED = Pattern.compile("(^|\\] ?)MOVED ", Pattern.MULTILINE);

    private MovedSlots() {}

    /** False if only some were: which ones were carried out, nobody can tell then. */
    static boolean areAll(Throwable failure, List<Request> requests) {
        if (!RefusalLog.isRefusal(failure)) {
            return false;
        }
        long keyed = requests.stream()
                .filter(request -> !KEYLESS.contains(request.command()))
                .count();
        String message = String.valueOf(failure.getMessage());
        return keyed > 0 && MOVED.matcher(message).results().count() == keyed;
    }
}
