package io.pesan.session;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.Refusal;
import io.vertx.core.Future;

/** Serves {@link Routes#CREDENTIALS}: everything that hashes a password. */
final class CredentialService {

    private final LogIns logIns;
    private final Passwords passwords;

    CredentialService(LogIns logIns, Passwords passwords) {
        this.logIns = logIns;
        this.passwords = passwords;
    }

    /** Answers one request; never fails. */
    Future<CredentialReply> answer(CredentialRequest request) {
        Deadline deadline = Deadline.in(Integer.toUnsignedLong(request.getBudgetMs()), Routes.CREDENTIALS.timeout());
        return dispatch(request, deadline)
                .otherwise(failure -> CredentialReply.newBuilder()
                        .setRefused(Refusals.of(failure))
                        .build());
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

    static Future<CredentialReply> refused(Refusal reason) {
        return Future.succeededFuture(
                CredentialReply.newBuilder().setRefused(Refusals.of(reason)).build());
    }
}
