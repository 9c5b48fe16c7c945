package io.pesan.node;

import io.pesan.node.config.StartFailure;
import java.net.UnknownHostException;
import java.util.Locale;

/** Says in one line why a port could not be listened on. */
final class ListenFailure {

    private ListenFailure() {}

    /**
     * Turns the failures that an operator can put right into a {@link StartFailure}.
     *
     * @param section of the keys {@code host} and {@code port}
     * @return the failure itself if it is not about listening
     */
    static Throwable explain(String section, String host, int port, Throwable failure) {
        return explain(section, "port", host, port, failure);
    }

    /**
     * The same for a port of another name.
     *
     * @param portKey the key's name within its section
     */
    static Throwable explain(String section, String portKey, String host, int port, Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        String where = section + "." + portKey + ": can't listen on " + host + ":" + port + ": ";
        if (failure instanceof UnknownHostException || message.contains("cannot assign requested address")) {
            return new StartFailure(section + ".host: " + host + " is not an address of this machine", failure);
        } else if (message.contains("address already in use")) {
            return new StartFailure(where + "the port is in use", failure);
        } else if (message.contains("permission denied")) {
            return new StartFailure(where + "this user may not", failure);
        }
        return failure;
    }
}
