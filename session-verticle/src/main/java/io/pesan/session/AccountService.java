package io.pesan.session;

import io.pesan.contract.bus.proto.Account;
import io.pesan.contract.bus.proto.AccountPage;
import io.pesan.contract.bus.proto.AccountRemoved;
import io.pesan.contract.bus.proto.AccountReply;
import io.pesan.contract.bus.proto.AccountRequest;
import io.pesan.contract.bus.proto.ListAccounts;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.log.AuditMarker;
import io.pesan.contract.protocol.Username;
import io.vertx.core.Future;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link io.pesan.contract.bus.Routes#ACCOUNTS}: administration that hashes nothing. */
final class AccountService {

    private static final Logger LOG = LoggerFactory.getLogger(AccountService.class);

    /** Accounts of one page at most. */
    private static final int LARGEST_PAGE = 1_000;

    private final Accounts accounts;
    private final UserSessions sessions;
    private final ActiveUserSet active;
    private final SessionMetrics metrics;

    AccountService(Accounts accounts, UserSessions sessions, ActiveUserSet active, SessionMetrics metrics) {
        this.metrics = metrics;
        this.accounts = accounts;
        this.sessions = sessions;
        this.active = active;
    }

    /** Answers one request; never fails. */
    Future<AccountReply> answer(AccountRequest request) {
        return dispatch(request).otherwise(failure -> refused(Refusals.of(failure)));
    }

    private Future<AccountReply> dispatch(AccountRequest request) {
        return switch (request.getOperationCase()) {
            case LIST -> list(request.getList());
            case REMOVE -> remove(request.getRemove().getUsername(), request.getDeadlineMs());
            // A newer release's.
            case OPERATION_NOT_SET -> Future.succeededFuture(refused(Refusals.of(Refusal.UNAVAILABLE)));
        };
    }

    private Future<AccountReply> list(ListAccounts request) {
        // Unsigned: what is too large for an int is negative.
        int wanted = request.getLimit();
        int limit = wanted <= 0 ? LARGEST_PAGE : Math.min(wanted, LARGEST_PAGE);
        return accounts.names(request.getAfter(), limit)
                .compose(names -> accounts.summaries(names).map(summaries -> page(names, limit, summaries)));
    }

    private static AccountReply page(List<Username> names, int limit, List<AccountSummary> summaries) {
        AccountPage.Builder page = AccountPage.newBuilder();
        summaries.forEach(summary -> page.addAccounts(message(summary)));
        if (names.size() == limit) {
            page.setNext(names.get(limit - 1).value());
        }
        return AccountReply.newBuilder().setPage(page).build();
    }

    private static Account message(AccountSummary summary) {
        return Account.newBuilder()
                .setUsername(summary.username().value())
                .setName(summary.name())
                .setCreatedAtMs(summary.createdAtMillis())
                .setSessions(summary.sessions())
                .setPendingMessages(summary.pendingMessages())
                .build();
    }

    private Future<AccountReply> remove(String username, long deadlineMillis) {
        if (!Username.isValid(username)) {
            return Future.succeededFuture(refused(Refusals.of(Refusal.USER_UNKNOWN)));
        }
        Username user = new Username(username);
        return active.mark(user)
                .compose(marked -> accounts.remove(user, deadlineMillis))
                .compose(removal -> switch (removal.outcome()) {
                    case REMOVED -> finish(user, removal.messages());
                    case LATE -> Future.succeededFuture(refused(Refusals.of(Refusal.UNAVAILABLE)));
                    case NO_ACCOUNT -> Future.succeededFuture(refused(Refusals.of(Refusal.USER_UNKNOWN)));
                });
    }

    private Future<AccountReply> finish(Username user, long messages) {
        metrics.accountRemoved(messages);
        LOG.atInfo().addMarker(AuditMarker.DONE).addKeyValue("username", user).log("account removed");
        return sessions.endDoomed(user)
                .compose(ended -> active.settle(user))
                .map(settled -> AccountReply.newBuilder()
                        .setRemoved(AccountRemoved.getDefaultInstance())
                        .build());
    }

    private static AccountReply refused(Refused refused) {
        return AccountReply.newBuilder().setRefused(refused).build();
    }
}
