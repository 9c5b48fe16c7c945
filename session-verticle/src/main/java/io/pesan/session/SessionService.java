package io.pesan.session;

import io.pesan.contract.bus.proto.ActiveUsers;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.SessionBatch;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionDescription;
import io.pesan.contract.bus.proto.SessionEnded;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.protocol.ActiveUsersCursor;
import io.pesan.redis.Session;
import io.pesan.redis.SessionLookup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Serves {@link io.pesan.contract.bus.Routes#SESSION}: batches of commands on sessions. All sessions of a batch are
 * looked up in one round trip; then the commands of each connection run one after another, those of different
 * connections side by side.
 */
final class SessionService {

    private final SessionLookup lookup;
    private final UserSessions sessions;
    private final ActiveUserSet active;
    private final int listUsersPage;

    SessionService(SessionLookup lookup, UserSessions sessions, ActiveUserSet active, int listUsersPage) {
        this.lookup = lookup;
        this.sessions = sessions;
        this.active = active;
        this.listUsersPage = listUsersPage;
    }

    /** Answers one batch; never fails: a command that can't be carried out is refused by itself. */
    Future<SessionBatchReply> answer(SessionBatch batch) {
        List<SessionCommand> commands = batch.getCommandsList();
        List<String> hashes =
                commands.stream().map(SessionService::session).distinct().toList();
        return lookup.find(hashes)
                .compose(found -> runAll(new SessionBatchRun(batch, found)))
                .otherwise(failure -> refuseAll(commands.size(), Refusals.of(failure)));
    }

    private Future<SessionBatchReply> runAll(SessionBatchRun run) {
        Collection<List<Integer>> connections = IntStream.range(0, run.size())
                .boxed()
                .collect(Collectors.groupingBy(i -> run.command(i).getConnection()))
                .values();
        List<Future<Void>> ends =
                connections.stream().map(indices -> runInOrder(run, indices)).toList();
        return Future.all(ends).map(done -> run.reply());
    }

    private Future<Void> runInOrder(SessionBatchRun run, List<Integer> indices) {
        Promise<Void> done = Promise.promise();
        runFrom(run, indices, 0, done);
        return done.future();
    }

    /** Not by chained futures: a thousand commands would make a stack a thousand calls deep. */
    private void runFrom(SessionBatchRun run, List<Integer> indices, int from, Promise<Void> done) {
        for (int at = from; at < indices.size(); at++) {
            int index = indices.get(at);
            int next = at + 1;
            Future<SessionResult> result =
                    run(run, run.command(index)).otherwise(failure -> refused(Refusals.of(failure)));
            if (!result.isComplete()) {
                result.onSuccess(later -> {
                    run.set(index, later);
                    runFrom(run, indices, next, done);
                });
                return;
            }
            run.set(index, result.result());
        }
        done.complete();
    }

    private Future<SessionResult> run(SessionBatchRun run, SessionCommand command) {
        String hash = session(command);
        Session session = run.live(hash);
        if (run.isUnknown(hash)) {
            return Future.succeededFuture(refused(Refusals.of(Refusal.UNAVAILABLE)));
        } else if (session == null) {
            return Future.succeededFuture(refused(Refusals.of(unknown(run, command.hasEndSession()))));
        }
        return switch (command.getOperationCase()) {
            case DESCRIBE_SESSION -> Future.succeededFuture(describe(session));
            case END_SESSION -> end(run, session);
            case LIST_ACTIVE_USERS -> run.page(command.getListActiveUsers().getAfter(), this::list);
            // A newer release's.
            case OPERATION_NOT_SET -> Future.succeededFuture(refused(Refusals.of(Refusal.UNAVAILABLE)));
        };
    }

    /** It may be the same command that has ended the session, when the batch was sent before. */
    private static Refusal unknown(SessionBatchRun run, boolean ending) {
        return run.isRepeated() && ending ? Refusal.UNAVAILABLE : Refusal.SESSION_UNKNOWN;
    }

    private static SessionResult describe(Session session) {
        SessionDescription description = SessionDescription.newBuilder()
                .setUsername(session.username().value())
                .setName(session.name())
                .build();
        return SessionResult.newBuilder().setSessionDescription(description).build();
    }

    private Future<SessionResult> end(SessionBatchRun run, Session session) {
        return sessions.end(session).map(ended -> {
            run.ended(session);
            return ended
                    ? SessionResult.newBuilder()
                            .setSessionEnded(SessionEnded.newBuilder()
                                    .setUsername(session.username().value()))
                            .build()
                    : refused(Refusals.of(unknown(run, true)));
        });
    }

    private Future<SessionResult> list(String after) {
        return ActiveUsersCursor.parse(after)
                .map(cursor -> active.page(cursor, listUsersPage).map(SessionService::listed))
                // Gateways let no other cursor through.
                .orElseGet(() -> Future.succeededFuture(refused(Refusals.of(Refusal.ARGUMENTS_WRONG))));
    }

    private static SessionResult listed(ActiveUsersPage page) {
        ActiveUsers users = ActiveUsers.newBuilder()
                .addAllUsernames(page.usernames())
                .setNext(page.next())
                .build();
        return SessionResult.newBuilder().setActiveUsers(users).build();
    }

    private static String session(SessionCommand command) {
        return switch (command.getOperationCase()) {
            case LIST_ACTIVE_USERS -> command.getListActiveUsers().getSession();
            case END_SESSION -> command.getEndSession().getSession();
            case DESCRIBE_SESSION -> command.getDescribeSession().getSession();
            case OPERATION_NOT_SET -> "";
        };
    }

    private static SessionResult refused(Refused refused) {
        return SessionResult.newBuilder().setRefused(refused).build();
    }

    private static SessionBatchReply refuseAll(int count, Refused refused) {
        SessionBatchReply.Builder reply = SessionBatchReply.newBuilder();
        IntStream.range(0, count).forEach(i -> reply.addResults(refused(refused)));
        return reply.build();
    }
}
