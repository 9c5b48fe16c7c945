package io.pesan.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Empties recipients' inboxes over a few connections of its own, so that a long run doesn't end at their quota. An
 * {@code inbox} takes what one reply carries; the next command on that connection confirms it; so an inbox is asked
 * until nothing is left. Holds each recipient at most once.
 */
final class Drain implements Companions {

    /** Inboxes emptied at a time. */
    private static final int CONNECTIONS = 4;

    private final Map<String, String> requests;
    private final Deque<Task> waiting = new ArrayDeque<>();
    private final Set<String> taken = new HashSet<>();
    private final List<Connection> connections = new ArrayList<>();
    private long calls;

    private record Task(String username, String request, Runnable emptied) {}

    /** @param tokens sessions by username; inboxes of others are left as they are */
    Drain(Map<String, String> tokens) {
        this.requests = new HashMap<>();
        tokens.forEach((username, token) -> requests.put(username, "inbox " + token + "\n"));
    }

    /** Makes its connections, if it may have anything to do; what an earlier loop left undone is forgotten. */
    @Override
    public void connect(LoadLoop loop) {
        connections.clear();
        waiting.clear();
        taken.clear();
        for (int i = 0; i < CONNECTIONS && !requests.isEmpty(); i++) {
            connections.add(loop.connect(new Emptying(), Pace.CLOSED, 1));
        }
    }

    /** Has an inbox emptied soon, and says when it is. */
    void empty(Account account, Runnable emptied) {
        String request = requests.get(account.username());
        if (request != null && taken.add(account.username())) {
            waiting.add(new Task(account.username(), request, emptied));
            long now = System.nanoTime();
            connections.forEach(connection -> connection.pump(now));
        }
    }

    /** {@code inbox} calls that have been answered so far. */
    @Override
    public long calls() {
        return calls;
    }

    /** Whether every inbox that was to be emptied is. */
    boolean isDone() {
        return taken.isEmpty();
    }

    private final class Emptying implements Conversation {

        private @Nullable Task current;

        @Override
        public boolean ask(ByteBuffer out, long now) {
            if (current == null) {
                current = waiting.poll();
            }
            if (current == null) {
                return false;
            }
            out.put(current.request().getBytes(StandardCharsets.US_ASCII));
            return true;
        }

        @Override
        public void answered(byte[] bytes, int from, int to, long started, long now) {
            Task task = current;
            calls++;
            if (!ReplyText.isOk(bytes, from, to)) {
                String code = ReplyText.code(bytes, from, to);
                // A service that can't be reached is asked again; that messages wait meanwhile does no harm.
                if (!code.equals("UNAVAILABLE")) {
                    throw new BenchException("an inbox can't be emptied: " + code);
                }
            }
            if (task != null && ReplyText.isEmptyInbox(bytes, from, to)) {
                current = null;
                taken.remove(task.username());
                task.emptied().run();
            }
        }

        @Override
        public void lost(String reason, int unanswered) {
            throw new BenchException("the connection that empties inboxes was lost: " + reason);
        }
    }
}
