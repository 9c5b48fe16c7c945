package io.pesan.session;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.redis.SessionLookup;
import io.vertx.core.Future;
import java.util.List;

/** Serves {@link Routes#CREDENTIALS}: everything that hashes a password. */
final class CredentialService {

    private final LogIns logIns;
    private final Passwords passwords;
    private final SessionLookup clock;
    private final SessionMetrics metrics;

    CredentialService(LogIns logIns, Passwords passwords, SessionLookup clock, SessionMetrics metrics) {
        this.metrics = metrics;
        this.logIns = logIns;
        this.clock = clock;
        this.passwords = passwords;
    }

    /** Answers one request; never fails. */
    Future<CredentialReply> answer(CredentialRequest request) {
        return deadline(request)
                .compose(deadline -> deadline.hasPassed() ? refused(Refusal.UNAVAILABLE) : dispatch(request, deadline))
                .otherwise(failure -> CredentialReply.newBuilder()
                        .setRefused(Refusals.of(failure))
                        .build())
                .onSuccess(reply -> {
                    if (request.hasLogIn()) {
                        metrics.loggedIn(outcome(reply));
                    }
                });
    }

    /** The request may have been on its way for long, or this node was frozen: only Redis's clock can tell. */
    private Future<Deadline> deadline(CredentialRequest request) {
        Deadline byBudget = Deadline.in(Integer.toUnsignedLong(request.getBudgetMs()), Routes.CREDENTIALS.timeout());
        return request.getDeadlineMs() == 0
                ? Future.succeededFuture(byBudget)
                : clock.find(List.of()).map(found -> byBudget.noLaterThan(request.getDeadlineMs(), found.nowMillis()));
    }

    private Future<CredentialReply> dispatch(CredentialRequest request, Deadline deadline) {
        return switch (request.getOperationCase()) {
            case LOG_IN -> logIns.logIn(request.getLogIn(), deadline);
            case ADD_ACCOUNT -> passwords.addAccount(request.getAddAccount(), deadline);
            case CHANGE_PASSWORD -> passwords.change(request.getChangePassword(), deadline);
            case RESET_PASSWORD -> passwords.reset(request.getResetPassword(), deadline);
            // A newer release's.
            case OPERATION_NOT_SET -> refused(Refusal.UNAVAILABLE);
        };
    }

    private static SessionMetrics.LoginOutcome outcome(CredentialReply reply) {
        if (reply.hasLoggedIn()) {
            return SessionMetrics.LoginOutcome.OK;
        }
        return switch (reply.getRefused().getReason()) {
            case USER_UNKNOWN -> SessionMetrics.LoginOutcome.USER_UNKNOWN;
            case PASSWORD_WRONG -> SessionMetrics.LoginOutcome.PASSWORD_WRONG;
            case AUTH_THROTTLED -> SessionMetrics.LoginOutcome.AUTH_THROTTLED;
            default -> SessionMetrics.LoginOutcome.UNAVAILABLE;
        };
    }

    static Future<CredentialReply> refused(Refusal reason) {
        return Future.succeededFuture(
                CredentialReply.newBuilder().setRefused(Refusals.of(reason)).build());
    }
}
