package io.pesan.gateway;

import io.pesan.contract.protocol.Token;
import org.jspecify.annotations.Nullable;

/**
 * What a connection remembers of what was said on it: whom its last {@code auth} or {@code resume} made it speak for, and
 * which kind of client is at the other end.
 */
final class Conversation {

    private @Nullable String boundSession;
    private boolean extended;
    private boolean sessionProven;
    private boolean ended;

    /** The token hashed last and its hash: a client shows the same one again and again. */
    private @Nullable Token lastToken;

    private String lastHash = "";

    /** Hash of the session that a command means: its token's, or without one the bound session's; null if there is none. */
    @Nullable String session(@Nullable Token token) {
        return token == null ? boundSession : hash(token);
    }

    private String hash(Token token) {
        if (!token.equals(lastToken)) {
            lastHash = token.hash();
            lastToken = token;
        }
        return lastHash;
    }

    /** From now on, commands without a token mean this session. */
    void bind(Token token) {
        boundSession = hash(token);
        sessionProven = true;
    }

    /** From now on, commands need a token. */
    void unbind() {
        boundSession = null;
    }

    /** A command showed a session that lives. */
    void sessionProven() {
        sessionProven = true;
    }

    boolean isSessionProven() {
        return sessionProven;
    }

    /** The client has used an extension of the original protocol: it copes with what the first clients would not. */
    void extended() {
        extended = true;
    }

    boolean isExtended() {
        return extended;
    }

    /** The client has said that it wants nothing more. */
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }
}
