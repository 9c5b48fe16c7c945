package io.pesan.gateway;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.SessionBatch;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What lies behind one event loop's gateway: a lane to each service that takes batches, and the password route. */
final class Services {

    private static final Logger LOG = LoggerFactory.getLogger(Services.class);
    private static final Refused UNAVAILABLE =
            Refused.newBuilder().setReason(Refusal.UNAVAILABLE).build();

    private final EventBus bus;
    private final Lane<InboxCommand.Builder, InboxResult> inbox;
    private final Lane<SessionCommand.Builder, SessionResult> session;

    Services(EventBus bus, String nodeId) {
        this.bus = bus;
        // A restarted gateway must not be taken for its former self, which counted its batches from one as well.
        String lane = nodeId + "/" + UUID.randomUUID();
        this.inbox = new Lane<>(new InboxService(bus, lane));
        this.session = new Lane<>(new SessionService(bus, lane));
    }

    Lane<InboxCommand.Builder, InboxResult> inbox() {
        return inbox;
    }

    Lane<SessionCommand.Builder, SessionResult> session() {
        return session;
    }

    /** Sends a request that hashes a password, once. Never fails: what is not answered in time is refused. */
    Future<CredentialReply> credentials(CredentialRequest.Builder request, Duration patience) {
        request.setBudgetMs(budget(patience, Routes.CREDENTIALS.timeout()));
        return Routes.CREDENTIALS.request(bus, request.build(), patience).otherwise(failure -> {
            LOG.atDebug().addKeyValue("failure", String.valueOf(failure)).log("a password request got no answer");
            return unavailable();
        });
    }

    /** The reply to a password request of which nothing is known. */
    CredentialReply unavailable() {
        return CredentialReply.newBuilder().setRefused(UNAVAILABLE).build();
    }

    /** Answers what has waited past its deadline for its turn. */
    void expire(long nowNanos) {
        inbox.expire(nowNanos);
        session.expire(nowNanos);
    }

    private static int budget(Duration patience, Duration timeout) {
        return (int) Math.max(1, Math.min(patience.toMillis(), timeout.toMillis()));
    }

    private record InboxService(EventBus bus, String lane) implements Lane.Service<InboxCommand.Builder, InboxResult> {

        private static final InboxResult UNKNOWN =
                InboxResult.newBuilder().setRefused(UNAVAILABLE).build();

        @Override
        public void setConnection(InboxCommand.Builder command, int ordinal) {
            command.setConnection(ordinal);
        }

        @Override
        public Future<List<InboxResult>> call(List<InboxCommand.Builder> commands, long number, Duration patience) {
            InboxBatch.Builder batch = InboxBatch.newBuilder()
                    .setLane(lane)
                    .setNumber(number)
                    .setBudgetMs(budget(patience, Routes.INBOX.timeout()));
            for (InboxCommand.Builder command : commands) {
                batch.addCommands(command.build());
            }
            return Routes.INBOX.request(bus, batch.build(), patience).map(InboxBatchReply::getResultsList);
        }

        @Override
        public InboxResult unavailable() {
            return UNKNOWN;
        }
    }

    private record SessionService(EventBus bus, String lane)
            implements Lane.Service<SessionCommand.Builder, SessionResult> {

        private static final SessionResult UNKNOWN =
                SessionResult.newBuilder().setRefused(UNAVAILABLE).build();

        @Override
        public void setConnection(SessionCommand.Builder command, int ordinal) {
            command.setConnection(ordinal);
        }

        @Override
        public Future<List<SessionResult>> call(List<SessionCommand.Builder> commands, long number, Duration patience) {
            SessionBatch.Builder batch = SessionBatch.newBuilder()
                    .setLane(lane)
                    .setNumber(number)
                    .setBudgetMs(budget(patience, Routes.SESSION.timeout()));
            for (SessionCommand.Builder command : commands) {
                batch.addCommands(command.build());
            }
            return Routes.SESSION.request(bus, batch.build(), patience).map(SessionBatchReply::getResultsList);
        }

        @Override
        public SessionResult unavailable() {
            return UNKNOWN;
        }
    }
}
