package io.pesan.client;

/** The server could not be asked, or its answer not be had. Whether a request took effect is then unknown. */
public final class ClientException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** The connection could not be made. */
        UNREACHABLE,
        /** The connection is closed, or was lost before the answer came. */
        CONNECTION_LOST,
        /** No answer in time; a later one is thrown away. */
        TIMED_OUT,
        /** The server doesn't keep to the protocol; the connection has been closed. */
        PROTOCOL_VIOLATION,
        /** Too many answers are missing; nothing was written. */
        TOO_MANY_OUTSTANDING
    }

    private final Reason reason;

    ClientException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    ClientException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
