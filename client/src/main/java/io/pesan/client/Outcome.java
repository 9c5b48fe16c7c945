package io.pesan.client;

import io.pesan.contract.protocol.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/**
 * What a server answered: that it was done, or why it wasn't.
 *
 * @param <T> what there is to know when it was done
 */
public sealed interface Outcome<T> {

    /** The server said OK. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * The server said no.
     *
     * @param code one of {@link ErrorCode}'s names, or one of a newer server
     * @param text for people
     * @param retryAfter how long to wait before another try; zero if waiting doesn't help, or nothing is known
     */
    record Refused<T>(String code, String text, Duration retryAfter) implements Outcome<T> {

        /** The code, if this client knows it. */
        public Optional<ErrorCode> knownCode() {
            for (ErrorCode known : ErrorCode.values()) {
                if (known.name().equals(code)) {
                    return Optional.of(known);
                }
            }
            return Optional.empty();
        }

        public boolean is(ErrorCode other) {
            return other.name().equals(code);
        }
    }

    /**
     * The value, where a refusal would be a surprise.
     *
     * @throws IllegalStateException if the server refused
     */
    default T orThrow() {
        if (this instanceof Refused<T> refused) {
            throw new IllegalStateException("refused: " + refused.code() + ", " + refused.text());
        }
        return ((Done<T>) this).value();
    }
}
