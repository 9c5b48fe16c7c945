package io.pesan.node.config;

/**
 * Something that only the operator can put right: a wrong key, a port in use, a server that does not answer. The
 * message is one line, names what is at fault, and is all that the operator is shown.
 */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
