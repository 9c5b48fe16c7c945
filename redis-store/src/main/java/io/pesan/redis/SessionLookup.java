package io.pesan.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves session hashes to live sessions: all of a batch in one round trip, which also reads Redis's clock. Nothing is
 * cached, so a session that has ended is unknown on every node at once.
 *
 * <p>Pushes on the expiry of a session that is used, seldom (see {@link Session}), and never of one that has ended.
 */
public final class SessionLookup {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLookup.class);

    private final RedisLink link;

    public SessionLookup(RedisLink link) {
        this.link = link;
    }

    /**
     * What a look-up found.
     *
     * @param nowMicros Redis's clock, in microseconds since 1970; of several servers' the one that is behind the others
     * @param sessions the live ones among those asked for, by their hashes
     * @param unknown hashes of those that nobody could tell about
     */
    public record Found(long nowMicros, Map<String, Session> sessions, Set<String> unknown) {

        /** Where everybody was found that is there. */
        public Found(long nowMicros, Map<String, Session> sessions) {
            this(nowMicros, sessions, Set.of());
        }

        /** Redis's clock, in milliseconds since 1970. */
        public long nowMillis() {
            return nowMicros / 1000;
        }
    }

    /** Looks sessions up. Fails if Redis can't be reached; a part of it alone makes sessions unknown. */
    public Future<Found> find(Collection<String> hashes) {
        List<String> asked = List.copyOf(hashes);
        return link.read(asked.stream().map(RedisKeys::session).toList()).map(reading -> found(asked, reading));
    }

    private Found found(List<String> asked, Reading reading) {
        Map<String, Session> sessions = new HashMap<>(asked.size() * 2);
        Set<String> unknown = new HashSet<>(0);
        for (int i = 0; i < asked.size(); i++) {
            Outcome outcome = reading.values().get(i);
            Response stored = outcome.answer();
            Session session = stored == null ? null : Session.decode(asked.get(i), stored.toString());
            if (session != null) {
                sessions.put(session.hash(), session);
            } else if (!outcome.isAnswered()) {
                unknown.add(asked.get(i));
            }
        }
        Found found = new Found(reading.nowMicros(), sessions, unknown);
        touch(found);
        return found;
    }

    private void touch(Found found) {
        List<Request> touches = new ArrayList<>(0);
        for (Session session : found.sessions().values()) {
            long expiry = session.expiryMillis(found.nowMillis());
            if (expiry > 0 && session.isTouchDue(found.nowMillis())) {
                String touched = session.touchedAt(found.nowMillis()).encode();
                // XX: a session that ended a moment ago must not come back.
                touches.add(Request.cmd(
                        Command.SET, RedisKeys.session(session.hash()), touched, "XX", "PX", Long.toString(expiry)));
            }
        }
        if (!touches.isEmpty()) {
            link.batch(touches)
                    .onFailure(failure -> LOG.atDebug()
                            .addKeyValue("failure", String.valueOf(failure))
                            .log("could not push on the expiry of sessions; their next use will"));
        }
    }
}
