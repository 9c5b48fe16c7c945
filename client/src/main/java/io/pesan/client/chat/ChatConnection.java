package io.pesan.client.chat;

import io.pesan.client.ClientException;
import io.pesan.client.ClientOptions;
import io.pesan.client.InboxMessage;
import io.pesan.client.Outcome;
import io.pesan.client.Outcome.Done;
import io.pesan.client.Outcome.Refused;
import io.pesan.client.PesanClient;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.contract.text.SafeText;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stays connected: asks for new messages every second, and when the connection is lost makes another one and resumes the
 * session, for as long as the session lives. All its state belongs to one event loop; its methods may be called from any
 * thread.
 */
final class ChatConnection {

    private static final Duration POLL = Duration.ofSeconds(1);
    /** How long a request waits for a connection that is being made anew. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Context context;
    private final ClientOptions options;
    private final Screen screen;
    private final Backoff backoff = new Backoff(RandomGenerator.getDefault());

    private Future<PesanClient> current = Future.failedFuture("not logged in");
    private @Nullable Token token;
    private boolean leaving;
    private volatile boolean ended;

    ChatConnection(Vertx vertx, ClientOptions options, Screen screen) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.screen = screen;
    }

    /** Connects and logs in; what waits in the inbox is shown soon after. */
    Future<Outcome<Token>> login(Username username, String password) {
        return onContext(() -> PesanClient.connect(vertx, options)
                .compose(client -> client.auth(username, password).compose(outcome -> {
                    if (outcome instanceof Done<Token> done) {
                        token = done.value();
                        current = Future.succeededFuture(client);
                        use(client);
                        return Future.succeededFuture(outcome);
                    }
                    return client.close().map(outcome);
                })));
    }

    /** Asks something as soon as there is a connection; fails if there is none for half a minute. */
    <T> Future<T> ask(Function<PesanClient, Future<T>> question) {
        return onContext(() ->
                current.timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).compose(question));
    }

    /** Whether the session is over, so that nothing can be asked any more. */
    boolean hasEnded() {
        return ended;
    }

    /** Logs out, after the answers to everything before, and closes. Fails if the session can't be ended. */
    Future<Void> leave() {
        return onContext(() -> {
            leaving = true;
            if (!current.isComplete()) {
                return Future.failedFuture("there is no connection: the session lives on until it expires");
            }
            return current.compose(
                    client -> client.logout().eventually(client::close).mapEmpty());
        });
    }

    private <T> Future<T> onContext(Supplier<Future<T>> action) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(nothing -> action.get().onComplete(promise));
        return promise.future();
    }

    private void use(PesanClient client) {
        client.closed().onComplete(gone -> lost());
        poll(client);
    }

    private void lost() {
        if (leaving || ended) {
            return;
        }
        screen.complain("the connection was lost, making another one");
        Promise<PesanClient> another = Promise.promise();
        current = another.future();
        tryAgain(another);
    }

    private void tryAgain(Promise<PesanClient> another) {
        vertx.setTimer(backoff.next().toMillis(), now -> {
            Token session = token;
            if (leaving || session == null) {
                another.fail("left");
                return;
            }
            PesanClient.connect(vertx, options)
                    .compose(client -> resume(client, session))
                    .onSuccess(client -> {
                        if (!ended) {
                            backoff.reset();
                            screen.show("connected again");
                            another.complete(client);
                            use(client);
                        } else {
                            another.fail("the session has ended");
                        }
                    })
                    .onFailure(failure -> tryAgain(another));
        });
    }

    private Future<PesanClient> resume(PesanClient client, Token session) {
        return client.resume(session).compose(outcome -> {
            if (outcome instanceof Refused<Username> refused) {
                if (refused.is(ErrorCode.SESSION_UNKNOWN)) {
                    end();
                    return client.close().map(client);
                }
                return client.close().compose(closed -> Future.failedFuture(refused.code()));
            }
            return Future.succeededFuture(client);
        });
    }

    private void end() {
        if (!ended) {
            ended = true;
            screen.complain("the session has ended" + (screen.isInteractive() ? ", Enter leaves" : ""));
        }
    }

    /** Asks for new messages, again and again; the next question confirms what the one before brought. */
    private void poll(PesanClient client) {
        if (leaving || ended) {
            return;
        }
        client.inbox()
                .onSuccess(outcome -> {
                    boolean more = outcome instanceof Done<List<InboxMessage>> done && show(done.value());
                    if (outcome instanceof Refused<List<InboxMessage>> refused
                            && refused.is(ErrorCode.SESSION_UNKNOWN)
                            && !leaving) {
                        end();
                    } else if (more) {
                        poll(client);
                    } else {
                        pollLater(client);
                    }
                })
                .onFailure(failure -> {
                    // A lost connection has its own way on; a late answer is waited for no longer.
                    if (failure instanceof ClientException lost
                            && lost.reason() != ClientException.Reason.CONNECTION_LOST) {
                        pollLater(client);
                    }
                });
    }

    private void pollLater(PesanClient client) {
        vertx.setTimer(POLL.toMillis(), now -> poll(client));
    }

    /** Shows messages, all at once; returns whether there were any. */
    boolean show(List<InboxMessage> messages) {
        if (messages.isEmpty()) {
            return false;
        }
        screen.show(messages.stream()
                .map(message ->
                        SafeText.of(message.fromName()) + " (" + message.sender() + "): " + SafeText.of(message.text()))
                .collect(Collectors.joining(System.lineSeparator())));
        return true;
    }
}
