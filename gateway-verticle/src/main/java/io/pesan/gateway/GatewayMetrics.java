package io.pesan.gateway;

import io.pesan.contract.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Is told what happens on one event loop's gateway. Called on that loop alone, often: tens of thousands of times a second.
 * Every method does nothing unless it is overridden.
 */
public interface GatewayMetrics {

    /** For nobody who counts. */
    GatewayMetrics NONE = new GatewayMetrics() {};

    /** Why a connection ended; the first reason counts. */
    enum CloseReason {
        /** The client ended its input, in good order. */
        CLIENT,
        /** The connection broke: reset by the client, or by the network. */
        RESET,
        /** The client said {@code quit}. */
        QUIT,
        LINE_TOO_LONG,
        /** Longer silence than the configuration allows. */
        IDLE,
        /** A line that was begun was not ended in time. */
        LINE_TIMEOUT,
        /** No command with a valid session in time. */
        FIRST_AUTH_TIMEOUT,
        /** The client did not read what it was sent. */
        SLOW_READER,
        /** Clients' buffers took too much memory, and this connection's was among the first to go. */
        MEMORY,
        /** The session of a listening client ended. */
        SESSION,
        DRAIN,
        /** A bug kept an answer from being written. */
        FAILURE
    }

    /** Why a connection was not served. */
    enum Rejection {
        MAX_CONNECTIONS,
        /** It came past the load balancers that have to introduce it. */
        PROXY
    }

    /** How a request to a service ended. */
    enum RequestOutcome {
        OK,
        /** Whoever was asked did not begin; it may go elsewhere. */
        NOT_BEGUN,
        TIMEOUT,
        /** A failure of the service, or of the way there. */
        FAILED
    }

    /** What is told of one command of the protocol. */
    interface CommandMetrics {
        /**
         * A reply was made.
         *
         * @param error null: the reply says OK
         * @param nanos since the bytes that completed the request were read
         */
        default void answered(@Nullable ErrorCode error, long nanos) {}
    }

    /** What is told of one route of the bus. */
    interface RouteMetrics {
        /** A batch sets out with so many commands. */
        default void batched(int commands) {}

        /** One place is asked. */
        default void asked() {}

        /** It has answered, or is not waited for any more; {@code nanos} after it was asked. */
        default void settled(RequestOutcome outcome, long nanos) {}
    }

    /** A connection is served from now on. */
    default void opened() {}

    /** One that was is gone. */
    default void closed(CloseReason reason) {}

    /** A connection was turned away. */
    default void rejected(Rejection reason) {}

    /** Bytes were read off clients' sockets. */
    default void received(int bytes) {}

    /** Bytes were given to clients' sockets. */
    default void sent(int bytes) {}

    /** So many bytes are held for clients now: beginnings of lines, and replies that they have not taken. */
    default void buffered(long bytes) {}

    /** A connection listens. */
    default void listening() {}

    /** One that did does not any more. */
    default void listeningEnded() {}

    /** A message was sent to a listening client. */
    default void pushed() {}

    /**
     * To be asked once for each command.
     *
     * @param word the command's word; {@code unknown} for lines that name none
     */
    default CommandMetrics command(String word) {
        return new CommandMetrics() {};
    }

    /**
     * To be asked once for each route.
     *
     * @param name the last part of the route's address, such as {@code inbox}
     */
    default RouteMetrics route(String name) {
        return new RouteMetrics() {};
    }
}
