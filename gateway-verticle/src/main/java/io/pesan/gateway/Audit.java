package io.pesan.gateway;

import io.pesan.contract.log.AuditMarker;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.Username;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Who came in on one connection, who was refused, who left, and what broke it: a line for each, with the client's address. Never a password, a
 * token or a text; and of a name only what may be one.
 */
final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    /** What is told of. */
    enum Event {
        LOGIN("login", "login refused"),
        /** Needs no hash, so that one client can do it without end: unlike what else was done it may be summed up. */
        RESUME("session resumed", "resume refused"),
        LOGOUT("logout", "logout refused"),
        REGISTRATION("registration", "registration refused"),
        PASSWORD_CHANGE("password change", "password change refused");

        private final String done;
        private final String refused;

        Event(String done, String refused) {
            this.done = done;
            this.refused = refused;
        }
    }

    private final String connectionId;
    private final ClientSocket socket;

    Audit(String connectionId, ClientSocket socket) {
        this.connectionId = connectionId;
        this.socket = socket;
    }

    /**
     * Writes a line.
     *
     * @param username empty: not known
     * @param refusal null: it was done
     * @param tag of the request
     */
    void tell(Event event, String username, @Nullable ErrorCode refusal, @Nullable String tag) {
        LoggingEventBuilder line = about(Level.INFO);
        if (Username.isValid(username)) {
            line = line.addKeyValue("username", username);
        }
        if (refusal != null) {
            line = line.addKeyValue("reason", refusal.name().toLowerCase(Locale.ROOT));
        } else if (event != Event.RESUME) {
            line = line.addMarker(AuditMarker.DONE);
        }
        if (tag != null) {
            line = line.addKeyValue("tag", tag);
        }
        line.log(refusal == null ? event.done : event.refused);
    }

    /**
     * A bug has ended the connection.
     *
     * @param tag of the request that could not be answered
     */
    void broken(@Nullable String tag, RuntimeException bug) {
        LoggingEventBuilder line = about(Level.ERROR).setCause(bug);
        if (tag != null) {
            line = line.addKeyValue("tag", tag);
        }
        line.log("an answer could not be written");
    }

    /** The connection has begun. */
    void connected() {
        about(Level.DEBUG).log("a client connected");
    }

    /** The connection is gone. */
    void disconnected(GatewayMetrics.CloseReason reason) {
        about(Level.DEBUG)
                .addKeyValue("reason", reason.name().toLowerCase(Locale.ROOT))
                .log("a client's connection ended");
    }

    private LoggingEventBuilder about(Level level) {
        LoggingEventBuilder line = LOG.atLevel(level);
        // The address is made into text only for a line that is written.
        return LOG.isEnabledForLevel(level)
                ? line.addKeyValue("connectionId", connectionId).addKeyValue("address", socket.remoteAddress())
                : line;
    }
}
