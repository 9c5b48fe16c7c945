package io.pesan.bench;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Logs accounts in before a run, and out after it. One token a user: it works on every connection. */
final class Login {

    /** Logins at a time: a server refuses more passwords than it can check soon. */
    private static final int CONNECTIONS = 4;
    /** Without a word from the server for how long to wait. */
    private static final long RETRY_MILLIS = 200;

    private static final long LOGIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOGOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final InetSocketAddress server;

    Login(InetSocketAddress server) {
        this.server = server;
    }

    /** Returns a token for each username. Takes about 40 ms of the server's CPU an account. */
    Map<String, String> tokens(Collection<Account> accounts) {
        Map<String, String> tokens = new HashMap<>();
        Deque<Account> waiting = new ArrayDeque<>(accounts);
        long patience = LOGIN_NANOS + LOGIN_NANOS * accounts.size();
        converse(waiting.size(), () -> new Authenticating(waiting, tokens), patience, "logging in took too long");
        return tokens;
    }

    /** Ends the sessions, so that repeated runs don't push the users' own out. */
    void end(Collection<String> tokens) {
        Deque<String> waiting = new ArrayDeque<>(tokens);
        converse(waiting.size(), () -> new LoggingOut(waiting), LOGOUT_NANOS, "logging out took too long");
    }

    private void converse(int count, Supplier<Asking> asking, long patience, String tooLong) {
        try (LoadLoop loop = new LoadLoop(server)) {
            List<Asking> conversations = new ArrayList<>();
            for (int i = 0; i < Math.min(CONNECTIONS, count); i++) {
                Asking conversation = asking.get();
                conversations.add(conversation);
                loop.connect(conversation, Pace.CLOSED, 1);
            }
            loop.awaitConnected();
            loop.startAsking(Schedule.NONE);
            if (!loop.run(() -> conversations.stream().allMatch(Asking::isDone), System.nanoTime() + patience)) {
                throw new BenchException(tooLong);
            }
        }
    }

    private interface Asking extends Conversation {
        boolean isDone();

        @Override
        default void lost(String reason, int unanswered) {
            throw new BenchException("the connection was lost: " + reason);
        }
    }

    private static final class Authenticating implements Asking {

        private final Deque<Account> waiting;
        private final Map<String, String> tokens;
        private @Nullable Account current;
        private long restUntil = System.nanoTime();

        Authenticating(Deque<Account> waiting, Map<String, String> tokens) {
            this.waiting = waiting;
            this.tokens = tokens;
        }

        @Override
        public boolean isDone() {
            return current == null && waiting.isEmpty();
        }

        @Override
        public boolean ask(ByteBuffer out, long now) {
            if (now - restUntil < 0) {
                return false;
            }
            if (current == null) {
                current = waiting.poll();
            }
            if (current == null) {
                return false;
            }
            out.put(LoginConversation.request(current));
            return true;
        }

        @Override
        public void answered(byte[] bytes, int from, int to, long started, long now) {
            Account account = current;
            if (account == null) {
                return;
            }
            String token = ReplyText.isOk(bytes, from, to) ? ReplyText.value("tokenid", bytes, from, to) : null;
            if (token != null) {
                tokens.put(account.username(), token);
                current = null;
                return;
            }
            String code = ReplyText.code(bytes, from, to);
            if (!code.equals("AUTH_THROTTLED") && !code.equals("UNAVAILABLE")) {
                throw new BenchException("can't log in as " + account.username() + ": " + code
                        + (code.equals("USER_UNKNOWN") ? " (--prepare creates the bench-N accounts)" : ""));
            }
            long millis = Math.max(RETRY_MILLIS, ReplyText.retryAfterMillis(bytes, from, to));
            restUntil = now + TimeUnit.MILLISECONDS.toNanos(millis);
        }
    }

    private static final class LoggingOut implements Asking {

        private final Deque<String> waiting;
        private boolean underWay;

        LoggingOut(Deque<String> waiting) {
            this.waiting = waiting;
        }

        @Override
        public boolean isDone() {
            return !underWay && waiting.isEmpty();
        }

        @Override
        public boolean ask(ByteBuffer out, long now) {
            String token = waiting.poll();
            if (token == null) {
                return false;
            }
            underWay = true;
            out.put(("logout " + token + "\n").getBytes(StandardCharsets.US_ASCII));
            return true;
        }

        @Override
        public void answered(byte[] bytes, int from, int to, long started, long now) {
            // A session that has ended already is as good as logged out.
            underWay = false;
        }
    }
}
