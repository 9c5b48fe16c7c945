package io.pesan.gateway;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.AccountAdded;
import io.pesan.contract.bus.proto.Acked;
import io.pesan.contract.bus.proto.ActiveUsers;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.HandoverSettled;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Listening;
import io.pesan.contract.bus.proto.ListeningStopped;
import io.pesan.contract.bus.proto.LoggedIn;
import io.pesan.contract.bus.proto.MessagePage;
import io.pesan.contract.bus.proto.PasswordChanged;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.Sent;
import io.pesan.contract.bus.proto.SessionBatch;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionDescription;
import io.pesan.contract.bus.proto.SessionEnded;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.bus.proto.Taken;
import io.pesan.contract.protocol.MessageId;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What lies behind a gateway, following a script: by default everything succeeds. A test replaces a service's script, and
 * reads what the service was asked.
 */
final class ScriptedServices {

    static final String TOKEN = "36fb2d4e-d5d1-476b-82d8-ffa4140e2af3";
    static final String OTHER_TOKEN = "11111111-2222-4333-8444-555555555555";

    final Queue<InboxBatch> inboxBatches = new ConcurrentLinkedQueue<>();
    /** Batches without a command, which ask for Redis's clock. */
    final Queue<InboxBatch> questions = new ConcurrentLinkedQueue<>();

    final Queue<SessionBatch> sessionBatches = new ConcurrentLinkedQueue<>();
    final Queue<CredentialRequest> credentialRequests = new ConcurrentLinkedQueue<>();

    volatile Function<InboxBatch, Future<InboxBatchReply>> inbox = this::answerInbox;
    /** Who asks for the time is not asking for anything that a script is about. */
    volatile Function<InboxBatch, Future<InboxBatchReply>> question = this::answerInbox;

    volatile Function<SessionBatch, Future<SessionBatchReply>> session = this::answerSession;
    volatile Function<CredentialRequest, Future<CredentialReply>> credentials = this::answerCredentials;
    volatile Function<InboxCommand, InboxResult> inboxCommand = this::succeed;
    volatile Function<SessionCommand, SessionResult> sessionCommand = this::succeed;
    volatile List<StoredMessage> pending = List.of();
    /** Gateways that are to be told. */
    final Set<String> listening = ConcurrentHashMap.newKeySet();

    volatile int lookAgainMillis = 4_000;
    /** Redis's clock. */
    volatile LongSupplier redisMillis = System::currentTimeMillis;

    private static final int PAGE = 2;

    private final AtomicInteger sent = new AtomicInteger();

    void serve(EventBus bus) {
        Routes.INBOX.serve(bus, this::inbox);
        Routes.SESSION.serve(bus, this::session);
        Routes.CREDENTIALS.serve(bus, this::credentials);
    }

    Future<InboxBatchReply> inbox(InboxBatch batch) {
        if (batch.getCommandsCount() == 0) {
            questions.add(batch);
            return question.apply(batch);
        }
        inboxBatches.add(batch);
        return inbox.apply(batch);
    }

    Future<SessionBatchReply> session(SessionBatch batch) {
        if (batch.getCommandsCount() > 0) {
            sessionBatches.add(batch);
        }
        return session.apply(batch);
    }

    Future<CredentialReply> credentials(CredentialRequest request) {
        credentialRequests.add(request);
        return credentials.apply(request);
    }

    Future<InboxBatchReply> answerInbox(InboxBatch batch) {
        InboxBatchReply.Builder reply = InboxBatchReply.newBuilder().setRedisMs(redisMillis.getAsLong());
        batch.getCommandsList().forEach(command -> reply.addResults(inboxCommand.apply(command)));
        return Future.succeededFuture(reply.build());
    }

    Future<SessionBatchReply> answerSession(SessionBatch batch) {
        SessionBatchReply.Builder reply = SessionBatchReply.newBuilder().setRedisMs(redisMillis.getAsLong());
        batch.getCommandsList().forEach(command -> reply.addResults(sessionCommand.apply(command)));
        return Future.succeededFuture(reply.build());
    }

    InboxResult succeed(InboxCommand command) {
        InboxResult.Builder result = InboxResult.newBuilder();
        return switch (command.getOperationCase()) {
            case SEND ->
                result.setSent(Sent.newBuilder().setId("1-" + sent.incrementAndGet()))
                        .build();
            case TAKE ->
                result.setTaken(Taken.newBuilder()
                                .setUsername("henderson")
                                .setName("Jordan Henderson")
                                .addAllMessages(pending))
                        .build();
            case CONFIRM -> {
                pending = List.of();
                yield result.setSettled(
                                HandoverSettled.newBuilder().setHeld(true).setRemoved(1))
                        .build();
            }
            case RELEASE, RENEW ->
                result.setSettled(HandoverSettled.newBuilder().setHeld(true)).build();
            case READ -> result.setPage(page(command.getRead().getAfter())).build();
            case ACK -> {
                int before = pending.size();
                pending = after(command.getAck().getLastId());
                yield result.setAcked(Acked.newBuilder().setRemoved(before - pending.size()))
                        .build();
            }
            case LISTEN -> {
                listening.add(command.getListen().getGateway());
                yield result.setListening(Listening.newBuilder()
                                .setPage(page(command.getListen().getAfter()))
                                .setUntilMs(redisMillis.getAsLong() + 15_000)
                                .setLookAgainMs(lookAgainMillis))
                        .build();
            }
            case STOP_LISTENING -> {
                listening.remove(command.getStopListening().getGateway());
                yield result.setListeningStopped(ListeningStopped.getDefaultInstance())
                        .build();
            }
            case OPERATION_NOT_SET -> throw new IllegalArgumentException("no operation");
        };
    }

    /** Two messages a page. */
    private MessagePage page(String after) {
        List<StoredMessage> messages = after(after);
        return MessagePage.newBuilder()
                .setUsername("messi")
                .addAllMessages(messages.subList(0, Math.min(PAGE, messages.size())))
                .setMore(messages.size() > PAGE)
                .build();
    }

    private List<StoredMessage> after(String id) {
        MessageId after = MessageId.parse(id).orElseThrow();
        return pending.stream()
                .filter(message ->
                        MessageId.parse(message.getId()).orElseThrow().compareTo(after) > 0)
                .toList();
    }

    SessionResult succeed(SessionCommand command) {
        SessionResult.Builder result = SessionResult.newBuilder();
        return switch (command.getOperationCase()) {
            case LIST_ACTIVE_USERS ->
                result.setActiveUsers(
                                ActiveUsers.newBuilder().addUsernames("messi").addUsernames("henderson"))
                        .build();
            case END_SESSION ->
                result.setSessionEnded(SessionEnded.getDefaultInstance()).build();
            case DESCRIBE_SESSION ->
                result.setSessionDescription(SessionDescription.newBuilder()
                                .setUsername("messi")
                                .setName("Lionel Messi"))
                        .build();
            case OPERATION_NOT_SET -> throw new IllegalArgumentException("no operation");
        };
    }

    /** From now on a list of users takes 32 KiB. */
    void listManyUsers() {
        SessionResult users = SessionResult.newBuilder()
                .setActiveUsers(ActiveUsers.newBuilder().addAllUsernames(Collections.nCopies(1_000, "m".repeat(32))))
                .build();
        sessionCommand = command -> command.hasListActiveUsers() ? users : succeed(command);
    }

    Future<CredentialReply> answerCredentials(CredentialRequest request) {
        CredentialReply.Builder reply = CredentialReply.newBuilder();
        switch (request.getOperationCase()) {
            case LOG_IN -> reply.setLoggedIn(LoggedIn.newBuilder().setToken(TOKEN));
            case ADD_ACCOUNT ->
                reply.setAccountAdded(AccountAdded.newBuilder()
                        .setUsername(request.getAddAccount().getUsername()));
            case CHANGE_PASSWORD -> reply.setPasswordChanged(PasswordChanged.getDefaultInstance());
            default -> throw new IllegalArgumentException("not a client's operation");
        }
        return Future.succeededFuture(reply.build());
    }

    static Refused refused(Refusal reason) {
        return Refused.newBuilder().setReason(reason).build();
    }

    static InboxResult inboxRefused(Refusal reason) {
        return InboxResult.newBuilder().setRefused(refused(reason)).build();
    }

    static SessionResult sessionRefused(Refusal reason) {
        return SessionResult.newBuilder().setRefused(refused(reason)).build();
    }

    static StoredMessage message(String id, String from, String name, String text) {
        return StoredMessage.newBuilder()
                .setId(id)
                .setFrom(from)
                .setName(name)
                .setText(text)
                .build();
    }

    /** Every inbox command that was asked for, whatever its batch. */
    List<InboxCommand> inboxCommands() {
        return inboxBatches.stream()
                .flatMap(batch -> batch.getCommandsList().stream())
                .toList();
    }

    /** How often the inbox service was asked for this. */
    long count(InboxCommand.OperationCase operation) {
        return inboxCommands().stream()
                .filter(command -> command.getOperationCase() == operation)
                .count();
    }
}
