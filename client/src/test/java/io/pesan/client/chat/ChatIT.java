package io.pesan.client.chat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.client.ClientOptions;
import io.pesan.client.ScriptedServer;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chat as a pipe uses it, against a scripted server. */
class ChatIT {

    private static final String TOKEN = "36fb2d4e-d5d1-476b-82d8-ffa4140e2af3";

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PipedWriter keyboard = new PipedWriter();
    private final AtomicBoolean delivered = new AtomicBoolean();
    private Vertx vertx;

    @BeforeEach
    void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stopVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
    }

    @Test
    void sendsShowsAndLogsOut() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, this::answer)) {
            CompletableFuture<Boolean> chat = start(server);
            type("messi\nsurabaya\n/to lineker\nhola  amigo\n@henderson //\n");
            keyboard.close();
            assertThat(chat.get(10, SECONDS)).isTrue();
            assertThat(server.lines())
                    .contains("auth messi surabaya", "send lineker hola  amigo", "send henderson //")
                    .last()
                    .isEqualTo("logout");
            assertThat(text()).contains("Gary <U+001B>[2J (lineker): psst").doesNotContain("\u001b");
        }
    }

    @Test
    void saysWhenSomethingWasRefused() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, this::answer)) {
            CompletableFuture<Boolean> chat = start(server);
            type("messi\nsurabaya\n@nobody hola\nno recipient\n");
            keyboard.close();
            assertThat(chat.get(10, SECONDS)).isFalse();
            assertThat(text()).contains("not sent to nobody: User Tidak Ditemukan (RECIPIENT_UNKNOWN)", "to whom?");
        }
    }

    @Test
    void endsWhenThePasswordIsWrong() throws Exception {
        Function<String, String> refusing =
                line -> "{\"status\": \"ERROR\", \"message\": \"Salah\", \"code\": \"PASSWORD_WRONG\"}\r\n\r\n";
        try (ScriptedServer server = new ScriptedServer(vertx, refusing)) {
            CompletableFuture<Boolean> chat = start(server);
            type("messi\nwrong\n");
            assertThat(chat.get(10, SECONDS)).isFalse();
            assertThat(text()).contains("not logged in: Salah (PASSWORD_WRONG)");
        }
    }

    @Test
    void resumesTheSessionWhenTheConnectionIsLost() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, this::answer)) {
            CompletableFuture<Boolean> chat = start(server);
            type("messi\nsurabaya\n");
            await().until(() -> text().contains("psst"));
            server.cutConnections();
            await().until(() -> text().contains("connected again"));
            type("@lineker still here\n");
            keyboard.close();
            assertThat(chat.get(10, SECONDS)).isTrue();
            assertThat(server.lines()).contains("resume " + TOKEN, "send lineker still here");
        }
    }

    private String answer(String line) {
        String answer = switch (line.split(" ", 3)[0]) {
            case "auth" -> "{\"status\": \"OK\", \"tokenid\": \"" + TOKEN + "\", \"tokenId\": \"" + TOKEN + "\"}";
            case "resume" -> "{\"status\": \"OK\", \"username\": \"messi\"}";
            case "send" ->
                line.startsWith("send nobody")
                        ? "{\"status\": \"ERROR\", \"message\": \"User Tidak Ditemukan\", \"code\": \"RECIPIENT_UNKNOWN\"}"
                        : "{\"status\": \"OK\", \"message\": \"Message Sent\", \"id\": \"1-1\"}";
            case "inbox" ->
                delivered.getAndSet(true)
                        ? "{\"status\": \"OK\", \"messages\": {}}"
                        : "{\"status\": \"OK\", \"messages\": {\"lineker\": [{\"msg_from\": \"Gary \\u001b[2J\","
                                + " \"msg_to\": \"Lionel Messi\", \"msg\": \"psst\"}]}}";
            default -> "{\"status\": \"OK\", \"message\": \"Terima Kasih\"}";
        };
        return answer + "\r\n\r\n";
    }

    private CompletableFuture<Boolean> start(ScriptedServer server) throws IOException {
        BufferedReader in = new BufferedReader(new PipedReader(keyboard));
        PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
        Screen screen = new PlainScreen(in, out, out, null);
        ClientOptions options = ClientOptions.of("127.0.0.1", server.port());
        Chat chat = new Chat(screen, new ChatConnection(vertx, options, screen));
        return CompletableFuture.supplyAsync(() -> {
            try {
                return chat.run(null);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    private void type(String lines) throws IOException {
        keyboard.write(lines);
        keyboard.flush();
    }

    private String text() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
