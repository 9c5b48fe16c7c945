package io.pesan.gateway;

import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's token may stand.
 *
 * @param token the token; null: none was given, and the connection's own session is meant
 * @param unknown whether something stands there that is neither a token nor an option of the command: it counts as a
 *     token that nobody has
 */
record SessionArgument(@Nullable Token token, boolean unknown) {

    /** Takes the argument off the line, if it is there. */
    static SessionArgument take(RequestLine line, String... options) {
        String word = line.peek();
        if (word.isEmpty() || Arrays.asList(options).contains(word)) {
            return new SessionArgument(null, false);
        }
        line.next();
        return of(word);
    }

    static SessionArgument of(String word) {
        return Token.hasShape(word) ? new SessionArgument(new Token(word), false) : new SessionArgument(null, true);
    }
}
