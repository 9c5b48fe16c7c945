package io.pesan.session;

import io.pesan.contract.bus.GatewayNotices;
import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.AccountReply;
import io.pesan.contract.bus.proto.AccountRequest;
import io.pesan.contract.bus.proto.AddAccount;
import io.pesan.contract.bus.proto.ChangePassword;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.DescribeSession;
import io.pesan.contract.bus.proto.EndSession;
import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.bus.proto.ListAccounts;
import io.pesan.contract.bus.proto.ListActiveUsers;
import io.pesan.contract.bus.proto.LogIn;
import io.pesan.contract.bus.proto.RemoveAccount;
import io.pesan.contract.bus.proto.ResetPassword;
import io.pesan.contract.bus.proto.SessionBatch;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.protocol.Token;
import io.pesan.redis.RedisConfig;
import io.pesan.redis.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A node with the session role alone, and the requests that a gateway makes to it. Every call waits for its answer. */
final class SessionNode implements AutoCloseable {

    static final PasswordHashing CHEAP = new PasswordHashing(8, 1, 1, 2, 64);
    static final SessionLimits LIMITS = new SessionLimits(Duration.ofHours(24), Duration.ofDays(30), 20);
    static final SessionConfig CONFIG = new SessionConfig(LIMITS, CHEAP, false, 1000);

    private final Vertx vertx = Vertx.vertx();
    private String deployment = "";

    private SessionNode() {}

    static SessionNode start(SessionConfig config, RedisConfig redis) {
        SessionNode node = new SessionNode();
        Routes.registerCodecs(node.vertx.eventBus());
        node.deployment = Await.result(node.vertx.deployVerticle(new SessionVerticle(config, redis)));
        return node;
    }

    /** What a gateway of a node of this name is told from now on. */
    Queue<GatewayNotice> hear(String gateway) {
        Queue<GatewayNotice> heard = new ConcurrentLinkedQueue<>();
        GatewayNotices notices = new GatewayNotices(vertx.eventBus());
        notices.hear(gateway, heard::add);
        Await.result(notices.relay(gateway.substring(0, gateway.indexOf('/'))).completion());
        return heard;
    }

    Future<CredentialReply> credentials(CredentialRequest.Builder request) {
        return Routes.CREDENTIALS.request(vertx.eventBus(), request.build(), Routes.CREDENTIALS.timeout());
    }

    Future<CredentialReply> logInLater(String username, String password) {
        LogIn logIn =
                LogIn.newBuilder().setUsername(username).setPassword(password).build();
        return credentials(CredentialRequest.newBuilder().setLogIn(logIn));
    }

    CredentialReply logIn(String username, String password) {
        return Await.result(logInLater(username, password));
    }

    /** Hash of a new session. */
    String session(String username, String password) {
        return new Token(logIn(username, password).getLoggedIn().getToken()).hash();
    }

    CredentialReply add(String username, String password, String name) {
        AddAccount add = AddAccount.newBuilder()
                .setUsername(username)
                .setPassword(password)
                .setName(name)
                .build();
        return Await.result(credentials(CredentialRequest.newBuilder().setAddAccount(add)));
    }

    CredentialReply changePassword(String session, String oldPassword, String newPassword) {
        ChangePassword change = ChangePassword.newBuilder()
                .setSession(session)
                .setOldPassword(oldPassword)
                .setNewPassword(newPassword)
                .build();
        return Await.result(credentials(CredentialRequest.newBuilder().setChangePassword(change)));
    }

    CredentialReply resetPassword(String username, String password) {
        ResetPassword reset = ResetPassword.newBuilder()
                .setUsername(username)
                .setPassword(password)
                .build();
        return Await.result(credentials(CredentialRequest.newBuilder().setResetPassword(reset)));
    }

    static SessionCommand.Builder describing(String session) {
        return SessionCommand.newBuilder()
                .setDescribeSession(DescribeSession.newBuilder().setSession(session));
    }

    static SessionCommand.Builder ending(String session) {
        return SessionCommand.newBuilder().setEndSession(EndSession.newBuilder().setSession(session));
    }

    static SessionCommand.Builder listing(String session, String after) {
        return SessionCommand.newBuilder()
                .setListActiveUsers(
                        ListActiveUsers.newBuilder().setSession(session).setAfter(after));
    }

    Future<SessionBatchReply> batch(List<SessionCommand> commands) {
        SessionBatch batch = SessionBatch.newBuilder().addAllCommands(commands).build();
        return Routes.SESSION.requestHere(vertx.eventBus(), batch, Routes.SESSION.timeout());
    }

    /** The answer to a batch that was sent before and got none. */
    SessionBatchReply again(SessionCommand.Builder... commands) {
        SessionBatch.Builder batch = SessionBatch.newBuilder().setRepeated(true);
        for (SessionCommand.Builder command : commands) {
            batch.addCommands(command);
        }
        return Await.result(Routes.SESSION.request(vertx.eventBus(), batch.build(), Routes.SESSION.timeout()));
    }

    /** Whether the node says of a command that it has not begun to carry it out. */
    boolean isNotBegun(SessionCommand.Builder command) {
        return Await.result(batch(List.of(command.build()))
                .transform(answer -> Future.succeededFuture(answer.failed() && Route.isNotBegun(answer.cause()))));
    }

    SessionResult run(SessionCommand.Builder command) {
        return Await.result(batch(List.of(command.build()))).getResults(0);
    }

    /** Ends a session after some time, in milliseconds. */
    Future<SessionBatchReply> endAfter(long delay, String session) {
        return vertx.timer(delay, TimeUnit.MILLISECONDS)
                .compose(now -> batch(List.of(ending(session).build())));
    }

    boolean isLive(String session) {
        return run(describing(session)).hasSessionDescription();
    }

    List<String> activeUsers(String session) {
        return run(listing(session, "")).getActiveUsers().getUsernamesList();
    }

    AccountReply list(String after, int limit) {
        ListAccounts list =
                ListAccounts.newBuilder().setAfter(after).setLimit(limit).build();
        return Await.result(accounts(AccountRequest.newBuilder().setList(list)));
    }

    AccountReply remove(String username) {
        RemoveAccount remove = RemoveAccount.newBuilder().setUsername(username).build();
        return Await.result(accounts(AccountRequest.newBuilder().setRemove(remove)));
    }

    private Future<AccountReply> accounts(AccountRequest.Builder request) {
        return Routes.ACCOUNTS.request(vertx.eventBus(), request.build(), Routes.ACCOUNTS.timeout());
    }

    /** Takes the session role from the node. */
    Future<Void> leave() {
        return vertx.undeploy(deployment);
    }

    @Override
    public void close() {
        Await.result(vertx.close());
    }
}
