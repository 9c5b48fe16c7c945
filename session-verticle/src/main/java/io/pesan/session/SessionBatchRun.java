package io.pesan.session;

import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.redis.Session;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One batch of commands while it runs: which sessions are live, and the results so far. */
final class SessionBatchRun {

    private final List<SessionCommand> commands;
    private final Map<String, Session> live;
    private final SessionResult[] results;

    SessionBatchRun(List<SessionCommand> commands, Map<String, Session> live) {
        this.commands = commands;
        this.live = new HashMap<>(live);
        this.results = new SessionResult[commands.size()];
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

    /** From here on the batch's commands do not know the session any more. */
    void ended(Session session) {
        live.remove(session.hash());
    }

    void set(int index, SessionResult result) {
        results[index] = result;
    }

    /** Once every result is set. */
    SessionBatchReply reply() {
        return SessionBatchReply.newBuilder()
                .addAllResults(Arrays.asList(results))
                .build();
    }
}
