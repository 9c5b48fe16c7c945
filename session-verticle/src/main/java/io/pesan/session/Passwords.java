package io.pesan.session;

import static io.pesan.session.CredentialService.refused;

import io.pesan.contract.bus.proto.AccountAdded;
import io.pesan.contract.bus.proto.AddAccount;
import io.pesan.contract.bus.proto.ChangePassword;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.PasswordChanged;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.ResetPassword;
import io.pesan.contract.log.AuditMarker;
import io.pesan.contract.protocol.Credentials;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.Session;
import io.pesan.redis.SessionLookup;
import io.pesan.session.Accounts.Creation;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets passwords: of new accounts, by their users, by an administrator.
 *
 * <p>A change dooms sessions in the same script that sets the password, and is answered only when they have ended. If it
 * fails in between, its outcome is unknown to the caller, and the sweep ends them within seconds.
 */
final class Passwords {

    private static final Logger LOG = LoggerFactory.getLogger(Passwords.class);

    private final Accounts accounts;
    private final SessionLookup lookup;
    private final UserSessions sessions;
    private final ActiveUserSet active;
    private final Hashing hashing;

    Passwords(Accounts accounts, SessionLookup lookup, UserSessions sessions, ActiveUserSet active, Hashing hashing) {
        this.accounts = accounts;
        this.lookup = lookup;
        this.sessions = sessions;
        this.active = active;
        this.hashing = hashing;
    }

    /** Makes an account; a name that is taken costs no hash. */
    Future<CredentialReply> addAccount(AddAccount request, Deadline deadline) {
        String password = request.getPassword();
        String name = request.getName().isEmpty() ? request.getUsername() : request.getName();
        if (!Username.isValid(request.getUsername())
                || !Credentials.isPassword(password)
                || !Credentials.isFullName(name)) {
            return refused(Refusal.ARGUMENTS_WRONG);
        }
        Username user = new Username(request.getUsername());
        return accounts.find(user)
                .compose(taken -> taken.isPresent()
                        ? refused(Refusal.USER_EXISTS)
                        : hashing.compute(deadline, () -> hash(password), hash -> add(user, name, hash, deadline)));
    }

    private Future<CredentialReply> add(Username user, String name, PasswordHash password, Deadline deadline) {
        return accounts.add(user, name, password, deadline)
                .compose(creation -> creation == Creation.SESSIONS_ENDING
                        ? sessions.endDoomed(user).compose(ended -> accounts.add(user, name, password, deadline))
                        : Future.succeededFuture(creation))
                .compose(creation -> switch (creation) {
                    case CREATED -> added(user);
                    case EXISTS -> refused(Refusal.USER_EXISTS);
                    // Somebody makes and removes this account all the time.
                    case SESSIONS_ENDING, LATE -> refused(Refusal.UNAVAILABLE);
                });
    }

    private static Future<CredentialReply> added(Username user) {
        LOG.atInfo().addMarker(AuditMarker.DONE).addKeyValue("username", user).log("account added");
        AccountAdded added = AccountAdded.newBuilder().setUsername(user.value()).build();
        return Future.succeededFuture(
                CredentialReply.newBuilder().setAccountAdded(added).build());
    }

    /** Replaces the password of a session's user, who must know it; the user's other sessions end. */
    Future<CredentialReply> change(ChangePassword request, Deadline deadline) {
        if (!Credentials.isPassword(request.getNewPassword())) {
            return refused(Refusal.ARGUMENTS_WRONG);
        }
        String hash = request.getSession();
        return lookup.find(List.of(hash)).compose(found -> {
            if (found.unknown().contains(hash)) {
                return refused(Refusal.UNAVAILABLE);
            }
            Session session = found.sessions().get(hash);
            return session == null
                    ? refused(Refusal.SESSION_UNKNOWN)
                    : accounts.find(session.username())
                            .compose(account -> account.map(known -> check(known, request, deadline))
                                    .orElseGet(() -> refused(Refusal.SESSION_UNKNOWN)));
        });
    }

    private Future<CredentialReply> check(Account account, ChangePassword request, Deadline deadline) {
        return hashing.compute(
                deadline,
                () -> replacement(account, request),
                replacement -> replacement
                        .map(password -> replace(account, password, request.getSession(), deadline))
                        .orElseGet(() -> refused(Refusal.PASSWORD_WRONG)));
    }

    /** Two computations in one turn of a worker; empty if the old password is wrong. */
    private Optional<PasswordHash> replacement(Account account, ChangePassword request) {
        PasswordHash stored = PasswordHash.parse(account.password());
        return stored != null && stored.matches(request.getOldPassword())
                ? Optional.of(hash(request.getNewPassword()))
                : Optional.empty();
    }

    private Future<CredentialReply> replace(Account account, PasswordHash password, String session, Deadline deadline) {
        Username user = account.username();
        return active.mark(user)
                .compose(marked -> accounts.changePassword(account, password, session, deadline))
                .compose(change -> switch (change) {
                    case CHANGED -> endSessions(user);
                    case LATE -> refused(Refusal.UNAVAILABLE);
                    case OTHER_GENERATION -> refused(Refusal.PASSWORD_WRONG);
                    case NO_ACCOUNT, NO_SESSION -> refused(Refusal.SESSION_UNKNOWN);
                });
    }

    /** Sets a user's password, whatever it was; all of the user's sessions end. */
    Future<CredentialReply> reset(ResetPassword request, Deadline deadline) {
        String password = request.getPassword();
        if (!Credentials.isPassword(password)) {
            return refused(Refusal.ARGUMENTS_WRONG);
        }
        if (!Username.isValid(request.getUsername())) {
            return refused(Refusal.USER_UNKNOWN);
        }
        Username user = new Username(request.getUsername());
        return accounts.find(user)
                .compose(account -> account.isPresent()
                        ? hashing.compute(deadline, () -> hash(password), hash -> reset(user, hash, deadline))
                        : refused(Refusal.USER_UNKNOWN));
    }

    private Future<CredentialReply> reset(Username user, PasswordHash password, Deadline deadline) {
        return active.mark(user)
                .compose(marked -> accounts.resetPassword(user, password, deadline))
                .compose(change -> {
                    if (change != Accounts.PasswordChange.CHANGED) {
                        return refused(
                                change == Accounts.PasswordChange.LATE ? Refusal.UNAVAILABLE : Refusal.USER_UNKNOWN);
                    }
                    LOG.atInfo()
                            .addMarker(AuditMarker.DONE)
                            .addKeyValue("username", user)
                            .log("password reset");
                    return endSessions(user);
                });
    }

    private Future<CredentialReply> endSessions(Username user) {
        return sessions.endDoomed(user)
                .compose(ended -> active.settle(user))
                .map(settled -> CredentialReply.newBuilder()
                        .setPasswordChanged(PasswordChanged.newBuilder().setUsername(user.value()))
                        .build());
    }

    private PasswordHash hash(String password) {
        return PasswordHash.of(password, hashing.cost());
    }
}
