package io.pesan.node.management;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.AccountReply;
import io.pesan.contract.bus.proto.AccountRequest;
import io.pesan.contract.bus.proto.AddAccount;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.ListAccounts;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.RemoveAccount;
import io.pesan.contract.bus.proto.ResetPassword;
import io.pesan.contract.protocol.Credentials;
import io.pesan.contract.protocol.Username;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Administration of accounts, by asking the session service over the bus. */
final class AccountAdministration {

    static final int LARGEST_PAGE = 1_000;

    private static final String BAD_PASSWORD = "password must be 1 to " + Credentials.MAX_PASSWORD_LENGTH
            + " characters without white space or control characters, which no client could send";

    private static final Logger LOG = LoggerFactory.getLogger(AccountAdministration.class);

    private final SessionServices services;

    AccountAdministration(SessionServices services) {
        this.services = services;
    }

    Future<Answer> add(AccountJson.Form form) {
        if (!Username.isValid(form.username())) {
            return badRequest("username must be 1 to 32 of A-Z a-z 0-9 . _ -");
        } else if (!Credentials.isPassword(form.password())) {
            return badRequest(BAD_PASSWORD);
        } else if (!form.name().isEmpty() && !Credentials.isFullName(form.name())) {
            return badRequest("name must be at most 64 characters, none of them a control character");
        }
        AddAccount operation = AddAccount.newBuilder()
                .setUsername(form.username())
                .setPassword(form.password())
                .setName(form.name())
                .build();
        return ask(CredentialRequest.newBuilder().setAddAccount(operation))
                .map(reply -> reply.hasRefused() ? refused(reply.getRefused()) : created(form.username()))
                .recover(AccountAdministration::unavailable);
    }

    Future<Answer> setPassword(String username, AccountJson.Form form) {
        if (!Credentials.isPassword(form.password())) {
            return badRequest(BAD_PASSWORD);
        }
        ResetPassword operation = ResetPassword.newBuilder()
                .setUsername(username)
                .setPassword(form.password())
                .build();
        return ask(CredentialRequest.newBuilder().setResetPassword(operation))
                .map(reply -> reply.hasRefused() ? refused(reply.getRefused()) : Answer.noContent())
                .recover(AccountAdministration::unavailable);
    }

    Future<Answer> remove(String username) {
        RemoveAccount operation =
                RemoveAccount.newBuilder().setUsername(username).build();
        return ask(AccountRequest.newBuilder().setRemove(operation))
                .map(reply -> reply.hasRefused() ? refused(reply.getRefused()) : Answer.noContent())
                .recover(AccountAdministration::unavailable);
    }

    Future<Answer> list(String after, int limit) {
        ListAccounts operation =
                ListAccounts.newBuilder().setAfter(after).setLimit(limit).build();
        return ask(AccountRequest.newBuilder().setList(operation))
                .map(reply -> reply.hasRefused()
                        ? refused(reply.getRefused())
                        : new Answer(Answer.OK, AccountJson.write(reply.getPage())))
                .recover(AccountAdministration::unavailable);
    }

    private Future<CredentialReply> ask(CredentialRequest.Builder request) {
        int budget = Math.toIntExact(Routes.CREDENTIALS.timeout().toMillis());
        return services.ask(
                Routes.CREDENTIALS,
                deadline -> request.setBudgetMs(budget).setDeadlineMs(deadline).build());
    }

    private Future<AccountReply> ask(AccountRequest.Builder request) {
        return services.ask(
                Routes.ACCOUNTS, deadline -> request.setDeadlineMs(deadline).build());
    }

    private static Answer created(String username) {
        return new Answer(Answer.CREATED, new JsonObject().put("username", username));
    }

    private static Answer refused(Refused refused) {
        return switch (refused.getReason()) {
            case USER_EXISTS -> Answer.error(Answer.CONFLICT, "there is such a user already");
            case USER_UNKNOWN -> Answer.error(Answer.NOT_FOUND, "there is no such user");
            case ARGUMENTS_WRONG -> Answer.error(Answer.BAD_REQUEST, "the account service refused the arguments");
            case AUTH_THROTTLED -> Answer.error(Answer.TOO_MANY, "too many passwords are waiting to be hashed");
            default -> Answer.error(Answer.UNAVAILABLE, "the account service can't reach Redis");
        };
    }

    private static Future<Answer> unavailable(Throwable failure) {
        LOG.atWarn().addKeyValue("failure", String.valueOf(failure)).log("the account service did not answer");
        return Future.succeededFuture(
                Answer.error(Answer.UNAVAILABLE, "the account service does not answer; it may have acted"));
    }

    private static Future<Answer> badRequest(String message) {
        return Future.succeededFuture(Answer.error(Answer.BAD_REQUEST, message));
    }
}
