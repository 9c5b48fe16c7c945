package io.pesan.session;

import io.pesan.contract.bus.proto.SessionBatch;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.redis.Session;
import io.pesan.redis.SessionLookup;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One batch of commands while it runs: which sessions are live, and the results so far. */
final class SessionBatchRun {

    private final List<SessionCommand> commands;
    private final boolean repeated;
    private final long redisMillis;
    private final Map<String, Session> live;
    private final Set<String> unknown;
    private final SessionResult[] results;
    private final Map<String, Future<SessionResult>> pages = new HashMap<>();

    SessionBatchRun(SessionBatch batch, SessionLookup.Found found) {
        this.commands = batch.getCommandsList();
        this.repeated = batch.getRepeated();
        this.redisMillis = found.nowMillis();
        this.live = new HashMap<>(found.sessions());
        this.unknown = found.unknown();
        this.results = new SessionResult[commands.size()];
    }

    /** Whether the batch may have been carried out before. */
    boolean isRepeated() {
        return repeated;
    }

    int size() {
        return commands.size();
    }

    SessionCommand command(int index) {
        return commands.get(index);
    }

    @Nullable Session live(String hash) {
        return live.get(hash);
    }

    /** Whether nobody could tell if there is such a session. */
    boolean isUnknown(String hash) {
        return unknown.contains(hash);
    }

    /** From here on the batch's commands do not know the session any more, and read anew who is active. */
    void ended(Session session) {
        live.remove(session.hash());
        pages.clear();
    }

    /**
     * Reads a page of active users once for all commands that ask for it: a thousand copies of a thousand names would fill
     * the heap. All of them came before the batch was dispatched, so none can tell.
     */
    Future<SessionResult> page(String after, Function<String, Future<SessionResult>> reading) {
        return pages.computeIfAbsent(after, reading);
    }

    void set(int index, SessionResult result) {
        results[index] = result;
    }

    /** Once every result is set. */
    SessionBatchReply reply() {
        return SessionBatchReply.newBuilder()
                .addAllResults(Arrays.asList(results))
                .setRedisMs(redisMillis)
                .build();
    }
}
