package io.pesan.client;

import org.jspecify.annotations.Nullable;

/** A frame isn't what the protocol says; becomes {@link ClientException.Reason#PROTOCOL_VIOLATION}. */
final class MalformedReplyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedReplyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
