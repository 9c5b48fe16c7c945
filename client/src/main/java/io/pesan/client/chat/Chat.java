package io.pesan.client.chat;

import io.pesan.client.ActiveUsers;
import io.pesan.client.Outcome;
import io.pesan.client.Outcome.Done;
import io.pesan.client.Outcome.Refused;
import io.pesan.client.PesanClient;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.contract.text.SafeText;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One person's chat, from logging in to logging out; runs on the main thread. In front of a person it doesn't wait for
 * answers; from a pipe it handles one line at a time.
 */
final class Chat {

    private static final String HELP = """
            @henderson hello       sends to henderson
            /to henderson          from now on plain lines go to henderson (@henderson does the same)
            /inbox                 looks for new messages now
            /who                   shows who is online
            /me                    shows who you are
            /passwd                changes your password
            /quit                  logs out and ends
            A text that begins with / or @ is typed with that character twice.""";

    /** Longer than anything that is waited for inside. */
    private static final long PATIENCE_SECONDS = 60;

    private final Screen screen;
    private final ChatConnection connection;
    private @Nullable Username recipient;

    Chat(Screen screen, ChatConnection connection) {
        this.screen = screen;
        this.connection = connection;
    }

    /**
     * Chats until the input ends.
     *
     * @param name who logs in; null: is asked
     * @return whether everything succeeded
     */
    boolean run(@Nullable String name) throws IOException {
        if (!login(name)) {
            return false;
        }
        boolean good = true;
        while (!connection.hasEnded()) {
            String typed = screen.next();
            if (typed == null) {
                break;
            }
            ChatLine line = ChatLine.parse(typed);
            if (line == ChatLine.Command.QUIT) {
                break;
            }
            if (!connection.hasEnded()) {
                Future<Boolean> done = handle(line);
                good &= screen.isInteractive() || await(done);
            }
        }
        if (connection.hasEnded()) {
            return false;
        }
        return await(complaining(connection.leave().map(true), "not logged out")) && good;
    }

    private boolean login(@Nullable String name) throws IOException {
        String username = name == null ? screen.ask("Username: ") : name;
        if (username == null || !Username.isValid(username.strip())) {
            screen.complain(username == null ? "a username is missing" : "that is no username");
            return false;
        }
        String password = screen.askSecret("Password: ");
        if (password == null) {
            screen.complain("a password is missing");
            return false;
        }
        return await(answered(
                () -> connection.login(new Username(username.strip()), password), "not logged in", this::welcome));
    }

    private void welcome(Token token) {
        if (screen.isInteractive()) {
            screen.show("Logged in. @henderson hello sends a message to henderson, /help shows more.");
        }
    }

    private Future<Boolean> handle(ChatLine line) throws IOException {
        if (line instanceof ChatLine.Say say) {
            return recipient == null ? wrong("to whom? /to NAME, or @NAME TEXT") : send(recipient, say.text());
        } else if (line instanceof ChatLine.SayTo say) {
            return send(say.recipient(), say.text());
        } else if (line instanceof ChatLine.Choose choose) {
            recipient = choose.recipient();
            screen.show("plain lines go to " + recipient + " now");
            return Future.succeededFuture(true);
        } else if (line instanceof ChatLine.Wrong wrong) {
            return wrong(wrong.why());
        } else if (line instanceof ChatLine.Command command) {
            return command(command);
        }
        return Future.succeededFuture(true);
    }

    private Future<Boolean> command(ChatLine.Command command) throws IOException {
        return switch (command) {
            case INBOX ->
                ask(PesanClient::inbox, "no messages", messages -> {
                    if (!connection.show(messages)) {
                        screen.show("no new messages");
                    }
                });
            case WHO -> ask(PesanClient::listUsers, "not known", this::showActive);
            case ME ->
                ask(
                        PesanClient::whoami,
                        "not known",
                        me -> screen.show(me.username() + ", " + SafeText.of(me.fullName())));
            case PASSWD -> changePassword();
            case HELP, QUIT -> {
                screen.show(HELP);
                yield Future.succeededFuture(true);
            }
        };
    }

    private void showActive(ActiveUsers active) {
        String names = active.usernames().stream().map(Username::value).collect(Collectors.joining(" "));
        screen.show("online: " + names + (active.next().isPresent() ? " and more" : ""));
    }

    private Future<Boolean> send(Username to, String text) {
        return ask(client -> client.send(to, text), "not sent to " + to, sent -> {});
    }

    private Future<Boolean> changePassword() throws IOException {
        String before = screen.askSecret("Old password: ");
        String after = before == null ? null : screen.askSecret("New password: ");
        if (before == null || after == null) {
            return wrong("the password stays as it was");
        }
        if (screen.isInteractive() && !after.equals(screen.askSecret("New password again: "))) {
            return wrong("these are not the same, the password stays as it was");
        }
        return ask(
                client -> client.passwd(before, after),
                "the password stays as it was",
                changed -> screen.show("the password has been changed, other sessions have ended"));
    }

    private Future<Boolean> wrong(String why) {
        screen.complain(why);
        return Future.succeededFuture(false);
    }

    private <T> Future<Boolean> ask(
            Function<PesanClient, Future<Outcome<T>>> question, String otherwise, Consumer<T> show) {
        return answered(() -> connection.ask(question), otherwise, show);
    }

    private interface Question<T> {
        Future<Outcome<T>> ask();
    }

    /** Shows the answer, or why there is none. */
    private <T> Future<Boolean> answered(Question<T> question, String otherwise, Consumer<T> show) {
        return complaining(
                question.ask().map(outcome -> {
                    if (outcome instanceof Refused<T> refused) {
                        screen.complain(otherwise + ": " + SafeText.of(refused.text()) + " ("
                                + SafeText.of(refused.code()) + ")");
                        return false;
                    }
                    show.accept(((Done<T>) outcome).value());
                    return true;
                }),
                otherwise);
    }

    private Future<Boolean> complaining(Future<Boolean> future, String otherwise) {
        return future.otherwise(failure -> {
            screen.complain(otherwise + ": " + SafeText.of(String.valueOf(failure.getMessage())));
            return false;
        });
    }

    private boolean await(Future<Boolean> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            screen.complain("no answer: " + SafeText.of(String.valueOf(failure.getMessage())));
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
