package io.pesan.node.management;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.pesan.contract.log.AuditMarker;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/**
 * What is logged, looked at and changed while the node runs. A change lasts until the next, or the node's end; it is
 * logged itself, at warn, if the level before or after lets that out.
 */
final class LogLevels {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogLevels.class);
    private static final String OURS = "io.pesan";
    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error", "off");
    /** A logger that is named is there from then on. */
    private static final String LOGGER = "[A-Za-z0-9_.$]{1,200}";

    private static final int MOST_LOGGERS = 10_000;

    /** The loggers that have a level of their own. */
    Answer show() {
        Map<String, String> levels = new TreeMap<>();
        for (Logger logger : context().getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.put(logger.getName(), logger.getLevel().toString().toLowerCase(Locale.ROOT));
            }
        }
        JsonObject shown = new JsonObject();
        levels.forEach(shown::put);
        return new Answer(Answer.OK, new JsonObject().put("levels", shown));
    }

    /**
     * Takes {@code {"level": "debug", "logger": "io.pesan.gateway"}}; without a logger it is all of ours.
     *
     * @param address of who wants it: the line on the request itself comes after the change, and may not be let out
     */
    Answer change(Buffer body, String address) {
        String level;
        String name;
        try {
            JsonObject json = new JsonObject(body);
            level = json.getString("level", "");
            name = json.getString("logger", OURS);
        } catch (DecodeException | ClassCastException malformed) {
            return Answer.error(Answer.BAD_REQUEST, "the body must be a JSON object of level and logger");
        }
        if (!LEVELS.contains(level)) {
            return Answer.error(Answer.BAD_REQUEST, "level must be trace, debug, info, warn, error or off");
        } else if (!name.matches(LOGGER) || context().getLoggerList().size() > MOST_LOGGERS) {
            return Answer.error(Answer.BAD_REQUEST, "logger must be a logger's name");
        }
        boolean toldBefore = LOG.isWarnEnabled();
        if (toldBefore) {
            tell(address, name, level);
        }
        context().getLogger(name).setLevel(Level.toLevel(level));
        if (!toldBefore) {
            tell(address, name, level);
        }
        return show();
    }

    private static void tell(String address, String name, String level) {
        LOG.atWarn()
                .addMarker(AuditMarker.DONE)
                .addKeyValue("address", address)
                .addKeyValue("of", name)
                .addKeyValue("to", level)
                .log("the log level was changed");
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
