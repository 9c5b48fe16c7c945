package io.pesan.gateway;

import com.google.protobuf.Message;
import io.pesan.contract.bus.PresenceBoard;
import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.ServiceNodes;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Presence;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.SessionBatch;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies behind one event loop's gateway: a lane to each service that takes batches, and the password route. Knows
 * which nodes offer what.
 */
final class Services {

    private static final Logger LOG = LoggerFactory.getLogger(Services.class);
    private static final Refused UNAVAILABLE =
            Refused.newBuilder().setReason(Refusal.UNAVAILABLE).build();

    /** What a password request may take; it is never repeated, so nothing is gained by giving up early. */
    private static final Errand.Patience PASSWORD_PATIENCE =
            new Errand.Patience((int) Routes.CREDENTIALS.timeout().toMillis(), (int)
                    Routes.CREDENTIALS.timeout().toMillis());

    /** What learning Redis's clock first must leave of a password request's time: for a hash, and those that wait before it. */
    private static final long HASH_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private static final int LANE_BYTES = 9;

    private final ServiceNodes nodes = new ServiceNodes();
    private final RedisClock clock = new RedisClock();
    private final Places<InboxBatch, InboxBatchReply> inboxPlaces;
    private final Places<SessionBatch, SessionBatchReply> sessionPlaces;
    private final Places<CredentialRequest, CredentialReply> credentialPlaces;
    private final BatchService<SessionCommand.Builder, SessionBatch, SessionBatchReply, SessionResult> sessions;
    private final Lane<InboxCommand.Builder, InboxResult> inbox;
    private final Lane<SessionCommand.Builder, SessionResult> session;

    /** To be made on the event loop that it is for. */
    Services(Vertx vertx, String nodeId, GatewayMetrics metrics) {
        SecureRandom secure = new SecureRandom();
        Random random = new Random(secure.nextLong());
        this.inboxPlaces = places(Routes.INBOX, vertx, nodeId, random, metrics);
        this.sessionPlaces = places(Routes.SESSION, vertx, nodeId, random, metrics);
        this.credentialPlaces = places(Routes.CREDENTIALS, vertx, nodeId, random, metrics);
        this.sessions = new BatchService<>(new SessionBatches(UNAVAILABLE), sessionPlaces, clock, lane(secure));
        this.inbox = new Lane<>(new BatchService<>(new InboxBatches(UNAVAILABLE), inboxPlaces, clock, lane(secure)));
        this.session = new Lane<>(sessions);
        new PresenceBoard(vertx.eventBus()).watch(this::see);
    }

    private static <Q extends Message, R extends Message> Places<Q, R> places(
            Route<Q, R> route, Vertx vertx, String nodeId, Random random, GatewayMetrics metrics) {
        String address = route.address();
        String name = address.substring(address.lastIndexOf('.') + 1);
        return new Places<>(route, vertx.eventBus(), nodeId, vertx.isClustered(), random, metrics.route(name));
    }

    /** A restarted gateway must not be taken for its former self, which counted its batches from one as well. */
    private static String lane(SecureRandom random) {
        byte[] bytes = new byte[LANE_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    Lane<InboxCommand.Builder, InboxResult> inbox() {
        return inbox;
    }

    Lane<SessionCommand.Builder, SessionResult> session() {
        return session;
    }

    /**
     * Sends a request that hashes a password: to whoever begins it, and to nobody after that. Always with a deadline, or a
     * node that froze with it in its hands would carry it out whenever it wakes: while nobody can tell Redis's clock it isn't
     * sent. Never fails: what is not answered in time is refused.
     */
    Future<CredentialReply> credentials(CredentialRequest.Builder request, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        // What was known when it set out counts while it waits for a node, too.
        Errand.Load<CredentialRequest> load = (sent, millis) -> request.setBudgetMs(millis)
                .setDeadlineMs(clock.millis(sent) + millis)
                .build();
        Errand<CredentialRequest, CredentialReply> errand =
                new Errand<>(credentialPlaces, load, PASSWORD_PATIENCE, until, null);
        return sessions.learnTheTime(until - HASH_NANOS)
                .compose(known -> errand.go())
                .otherwise(failure -> {
                    LOG.atDebug()
                            .addKeyValue("failure", String.valueOf(failure))
                            .log("a password request got no answer");
                    return unavailable();
                });
    }

    /** The reply to a password request of which nothing is known. */
    CredentialReply unavailable() {
        return CredentialReply.newBuilder().setRefused(UNAVAILABLE).build();
    }

    /**
     * Whether both batching services have been offered by some node, this one included, within the last two seconds.
     */
    boolean areReachable(long nowNanos) {
        return inboxPlaces.isOffered(nowNanos) && sessionPlaces.isOffered(nowNanos);
    }

    /** Looks at the clock, about ten times a second: answers what is late and looks who has come or gone. */
    void tick(long nowNanos) {
        inbox.expire(nowNanos);
        session.expire(nowNanos);
        refresh(nowNanos);
    }

    private void see(Presence presence) {
        long now = System.nanoTime();
        nodes.see(presence, now);
        inboxPlaces.see(presence, now);
        sessionPlaces.see(presence, now);
        credentialPlaces.see(presence, now);
        refresh(now);
    }

    private void refresh(long nowNanos) {
        inboxPlaces.refresh(nodes, nowNanos);
        sessionPlaces.refresh(nodes, nowNanos);
        credentialPlaces.refresh(nodes, nowNanos);
    }
}
