package io.pesan.client;

import io.pesan.client.ClientException.Reason;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a Pesan server. Calls are pipelined: any number (within {@link ClientOptions#maxOutstanding}) may be
 * under way, and they take effect in the order in which they were made. Those that need a session use the one that the
 * last {@link #auth} or {@link #resume} of this connection bound to it, so a call may follow an {@code auth} at once.
 *
 * <p>A call's future fails with a {@link ClientException} if the answer can't be had; whether the request took effect is
 * then unknown. A lost connection isn't made again: {@link #closed} tells, and {@link #connect} and {@link #resume} are
 * what follows.
 */
public final class PesanClient {

    /** Most messages that a {@link #fetch} brings. */
    public static final int MAX_FETCHED = 1000;

    private final Pipeline pipeline;
    private final Subscription subscription;
    private final Future<Void> closed;

    /** The pipeline's end holds on to the NetClient: one that is collected takes its sockets along. */
    private PesanClient(NetClient netClient, Pipeline pipeline, Subscription subscription) {
        this.pipeline = pipeline;
        this.subscription = subscription;
        this.closed = pipeline.closed().eventually(netClient::close);
    }

    /** Connects; fails with {@link Reason#UNREACHABLE} if that isn't possible within the options' time. */
    public static Future<PesanClient> connect(Vertx vertx, ClientOptions options) {
        Context context = vertx.getOrCreateContext();
        NetClient netClient = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout((int) options.connectTimeout().toMillis())
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true));
        Promise<PesanClient> connected = Promise.promise();
        context.runOnContext(nothing -> netClient
                .connect(options.port(), options.host())
                .map(socket -> {
                    Subscription subscription = new Subscription(context);
                    return new PesanClient(
                            netClient, new Pipeline(vertx, context, socket, options, subscription), subscription);
                })
                .recover(failure ->
                        netClient.close().transform(closed -> Future.failedFuture(unreachable(options, failure))))
                .onComplete(connected));
        return connected.future();
    }

    private static ClientException unreachable(ClientOptions options, Throwable failure) {
        return new ClientException(
                Reason.UNREACHABLE,
                "can't connect to " + options.host() + ":" + options.port() + ": " + failure.getMessage(),
                failure);
    }

    /**
     * Logs in, with a new session, to which this connection is bound from then on.
     *
     * @return a token that works on every connection; or refused with {@code USER_UNKNOWN}, {@code PASSWORD_WRONG},
     *     {@code AUTH_THROTTLED}
     * @throws IllegalArgumentException if it can't be a password
     */
    public Future<Outcome<Token>> auth(Username username, String password) {
        return pipeline.call(Request.of("auth").word(username.value()).password(password), Reply::token);
    }

    /** Binds this connection to a session that lives already; refused with {@code SESSION_UNKNOWN} if it doesn't. */
    public Future<Outcome<Username>> resume(Token token) {
        return pipeline.call(Request.of("resume").word(token.value()), Reply::username);
    }

    /**
     * Sends a message. White space at the text's ends is lost on the way.
     *
     * @return refused with {@code RECIPIENT_UNKNOWN}, {@code INBOX_FULL}, {@code SESSION_UNKNOWN}, or with {@code
     *     UNAVAILABLE}: then it may have been stored, or not
     * @throws IllegalArgumentException if the text is blank, has control characters (line breaks included), or is longer
     *     than a line may be
     */
    public Future<Outcome<Sent>> send(Username recipient, String text) {
        return pipeline.call(Request.of("send").word(recipient.value()).text(text), Reply::sent);
    }

    /**
     * Sends a message under a tag, which the server may use to recognise a repeat.
     *
     * @param tag 1 to 64 of {@code A-Z a-z 0-9 . _ : -}, unique for each message of a sender
     * @throws IllegalArgumentException as for {@link #send(Username, String)}, or if that isn't a tag
     */
    public Future<Outcome<Sent>> send(String tag, Username recipient, String text) {
        return pipeline.call(Request.tagged(tag, "send").word(recipient.value()).text(text), Reply::sent);
    }

    /**
     * Takes the oldest messages out of the inbox: at most 1,000, sender by sender in the order of each one's oldest. The
     * next call on this connection confirms that they arrived; if the connection is lost before, they come again.
     */
    public Future<Outcome<List<InboxMessage>>> inbox() {
        return pipeline.call(Request.of("inbox"), Reply::inbox);
    }

    /**
     * Reads the oldest messages of the inbox and removes nothing.
     *
     * @param after only those that are later than this one; null for all
     * @param limit how many at most, 1 to {@link #MAX_FETCHED}
     */
    public Future<Outcome<Fetched>> fetch(@Nullable MessageId after, int limit) {
        if (limit < 1 || limit > MAX_FETCHED) {
            throw new IllegalArgumentException("a fetch brings 1 to " + MAX_FETCHED + " messages, not " + limit);
        }
        return pipeline.call(
                Request.of("fetch").after(after).word("limit").word(Integer.toString(limit)), Reply::fetched);
    }

    /** Removes every message up to and including this one from the inbox; the outcome is how many there were. */
    public Future<Outcome<Long>> ack(MessageId upTo) {
        return pipeline.call(Request.of("ack").word(upTo.toString()), Reply::removed);
    }

    /**
     * From now on hears what is in the inbox, and then each message as it arrives, until {@link #unlisten}, another listen
     * or the connection's end. Nothing leaves the inbox but by {@link #ack}. A server closes a connection that is silent
     * for ten minutes (unless its operator chose another time): {@link #ping} more often than that.
     *
     * @param after only messages that are later than this one; null for all
     * @return refused with {@code COMMAND_UNKNOWN} by a server that doesn't push
     */
    public Future<Outcome<String>> listen(@Nullable MessageId after, Listener listener) {
        return pipeline.call(Request.of("listen").after(after), reply -> {
            subscription.begin(after, listener);
            return reply.message();
        });
    }

    /** Ends what {@link #listen} began; the listener hears nothing more once this is answered. */
    public Future<Outcome<String>> unlisten() {
        return pipeline.call(Request.of("unlisten"), reply -> {
            subscription.end();
            return reply.message();
        });
    }

    /** Who is online; the first page, if they are many. */
    public Future<Outcome<ActiveUsers>> listUsers() {
        return pipeline.call(Request.of("listuser"), Reply::activeUsers);
    }

    /**
     * The next page.
     *
     * @param cursor {@link ActiveUsers#next} of the page before
     */
    public Future<Outcome<ActiveUsers>> listUsers(String cursor) {
        if (cursor.isEmpty() || cursor.indexOf(' ') >= 0 || !Request.isReadable(cursor)) {
            throw new IllegalArgumentException("a cursor is what a page before gave");
        }
        return pipeline.call(Request.of("listuser").word("after").word(cursor), Reply::activeUsers);
    }

    /** Ends this connection's session, everywhere. */
    public Future<Outcome<String>> logout() {
        return pipeline.call(Request.of("logout"), Reply::message);
    }

    /** Whose session this connection is bound to. */
    public Future<Outcome<Identity>> whoami() {
        return pipeline.call(Request.of("whoami"), Reply::identity);
    }

    /**
     * Changes the password and ends the user's other sessions.
     *
     * @throws IllegalArgumentException if one of them can't be a password
     */
    public Future<Outcome<String>> passwd(String oldPassword, String newPassword) {
        return pipeline.call(Request.of("passwd").password(oldPassword).password(newPassword), Reply::message);
    }

    /**
     * Creates an account whose full name is its username; refused with {@code USER_EXISTS}, or with {@code
     * COMMAND_UNKNOWN} where the server doesn't allow it.
     */
    public Future<Outcome<Username>> register(Username username, String password) {
        return pipeline.call(Request.of("register").word(username.value()).password(password), Reply::username);
    }

    /** Creates an account; as {@link #register(Username, String)}. */
    public Future<Outcome<Username>> register(Username username, String password, String fullName) {
        return pipeline.call(
                Request.of("register").word(username.value()).password(password).fullName(fullName), Reply::username);
    }

    /** Asks for a sign of life. */
    public Future<Outcome<String>> ping() {
        return pipeline.call(Request.of("ping"), Reply::message);
    }

    /** The server's commands, with their arguments. */
    public Future<Outcome<List<String>>> help() {
        return pipeline.call(Request.of("help"), Reply::commands);
    }

    /** Says good-bye: the server closes the connection after its answer. */
    public Future<Outcome<String>> quit() {
        return pipeline.call(Request.of("quit"), Reply::message);
    }

    /** Completes when the connection is gone, for whatever reason. */
    public Future<Void> closed() {
        return closed;
    }

    /** Closes the connection in good order; what isn't answered fails. The session lives on. */
    public Future<Void> close() {
        pipeline.close();
        return closed;
    }

    /** Resets the connection: the server learns that nothing more was received. What isn't answered fails. */
    public Future<Void> reset() {
        pipeline.reset();
        return closed;
    }
}
