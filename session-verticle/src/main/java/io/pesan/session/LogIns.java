package io.pesan.session;

import static io.pesan.session.CredentialService.refused;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.LogIn;
import io.pesan.contract.bus.proto.LoggedIn;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords and opens sessions.
 *
 * <p>With uniform errors an unknown user costs a hash too, and is answered like a wrong password. Where the stored hash is a
 * cheaper one than is configured now, a wrong password costs what is lacking to it, about. A dearer one still takes longer than an
 * unknown user, until its owner logs in: what it costs is known to nobody who has not found the account. A name that no
 * account can have saves a question to Redis: that tells nobody anything that the rule for names does not.
 */
final class LogIns {

    private static final Logger LOG = LoggerFactory.getLogger(LogIns.class);

    private final Accounts accounts;
    private final UserSessions sessions;
    private final Hashing hashing;
    private final boolean uniformErrors;
    private final PasswordHash nobodys;

    LogIns(Accounts accounts, UserSessions sessions, Hashing hashing, boolean uniformErrors) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.hashing = hashing;
        this.uniformErrors = uniformErrors;
        this.nobodys = PasswordHash.ofNothing(hashing.cost());
    }

    /**
     * What a worker thread found.
     *
     * @param renewed the same password at the cost that is configured now, if that has changed
     */
    private record Verdict(boolean right, @Nullable PasswordHash renewed) {}

    Future<CredentialReply> logIn(LogIn request, Deadline deadline) {
        String password = request.getPassword();
        return find(request.getUsername())
                .compose(account -> account.map(found -> check(found, password, deadline))
                        .orElseGet(() -> refuseUnknown(password, deadline)));
    }

    private Future<Optional<Account>> find(String username) {
        return Username.isValid(username)
                ? accounts.find(new Username(username))
                : Future.succeededFuture(Optional.empty());
    }

    private Future<CredentialReply> refuseUnknown(String password, Deadline deadline) {
        return uniformErrors
                ? hashing.compute(deadline, () -> nobodys.matches(password), none -> refused(Refusal.PASSWORD_WRONG))
                : refused(Refusal.USER_UNKNOWN);
    }

    private Future<CredentialReply> check(Account account, String password, Deadline deadline) {
        PasswordHash stored = PasswordHash.parse(account.password());
        if (stored == null) {
            LOG.atError()
                    .addKeyValue("username", account.username())
                    .log("what is stored as this account's password is no hash that can be computed");
            return refused(Refusal.UNAVAILABLE);
        }
        return hashing.compute(
                deadline,
                () -> judge(stored, password),
                verdict -> verdict.right() ? open(account, verdict) : refused(Refusal.PASSWORD_WRONG));
    }

    private Verdict judge(PasswordHash stored, String password) {
        if (!stored.matches(password)) {
            if (uniformErrors) {
                spendWhatAnUnknownUserCosts(stored.cost(), password);
            }
            return new Verdict(false, null);
        }
        boolean outdated = !stored.cost().equals(hashing.cost());
        return new Verdict(true, outdated ? PasswordHash.of(password, hashing.cost()) : null);
    }

    private void spendWhatAnUnknownUserCosts(PasswordHash.Cost spent, String password) {
        PasswordHash.Cost lacking = hashing.cost().lessThat(spent);
        if (lacking != null) {
            PasswordHash.ofNothing(lacking).matches(password);
        }
    }

    private Future<CredentialReply> open(Account account, Verdict verdict) {
        if (verdict.renewed() != null) {
            renew(account, verdict.renewed());
        }
        return sessions.open(account)
                .compose(token -> token.map(LogIns::loggedIn).orElseGet(() -> refused(Refusal.PASSWORD_WRONG)));
    }

    /** Not waited for: if it fails, the next log-in does it. */
    private void renew(Account account, PasswordHash renewed) {
        accounts.renewHash(account, renewed)
                .onFailure(failure -> LOG.atDebug()
                        .addKeyValue("username", account.username())
                        .addKeyValue("failure", String.valueOf(failure))
                        .log("could not store a password hashed anew"));
    }

    private static Future<CredentialReply> loggedIn(Token token) {
        LoggedIn loggedIn = LoggedIn.newBuilder().setToken(token.value()).build();
        return Future.succeededFuture(
                CredentialReply.newBuilder().setLoggedIn(loggedIn).build());
    }
}
