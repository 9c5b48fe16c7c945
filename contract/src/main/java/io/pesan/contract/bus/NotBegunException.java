package io.pesan.contract.bus;

/** A worker's word that a request has had no effect and will have none: it may be sent elsewhere. */
public final class NotBegunException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NotBegunException(String reason) {
        super(reason);
    }
}
