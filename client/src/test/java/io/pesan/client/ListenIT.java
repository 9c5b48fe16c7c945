package io.pesan.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pesan.client.ClientException.Reason;
import io.pesan.contract.protocol.MessageId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events among replies on one connection, from a scripted server. */
class ListenIT {

    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));

    @AfterEach
    void stopVertx() throws Exception {
        get(vertx.close());
    }

    @Test
    void hearsEventsInOrderBetweenRepliesAndNoneTwice() throws Exception {
        Function<String, String> answers = line -> switch (line) {
            case "listen after 2-0" ->
                Wire.LISTENING + Wire.message(3, "c") + Wire.message(3, "c") + Wire.message(2, "b");
            default -> Wire.message(4, "d") + Wire.PONG + Wire.message(4, "d") + Wire.message(5, "e");
        };
        try (ScriptedServer server = new ScriptedServer(vertx, answers)) {
            PesanClient client = connect(server);
            Future<Outcome<String>> listening = client.listen(new MessageId(2, 0), this::hear);
            Future<Outcome<String>> pong = client.ping().onComplete(answered -> heard.add("pong"));
            assertThat(get(listening).orThrow()).isEqualTo("Listening");
            assertThat(get(pong).orThrow()).isEqualTo("pong");
            await().until(() -> heard.size() == 4);
            assertThat(heard).containsExactly("3-0 c", "4-0 d", "pong", "5-0 e");
            get(client.close());
        }
    }

    @Test
    void beginsAnewWithTheSecondListen() throws Exception {
        Function<String, String> answers =
                line -> line.equals("listen") ? Wire.LISTENING + Wire.message(1, "a") : Wire.PONG;
        try (ScriptedServer server = new ScriptedServer(vertx, answers)) {
            PesanClient client = connect(server);
            get(client.listen(null, this::hear)).orThrow();
            get(client.listen(null, message -> heard.add("again " + message.id())))
                    .orThrow();
            await().until(() -> heard.size() == 2);
            assertThat(heard).containsExactly("1-0 a", "again 1-0");
            get(client.unlisten()).orThrow();
            server.push(Wire.message(2, "late"));
            get(client.ping()).orThrow();
            assertThat(heard).hasSize(2);
        }
    }

    @Test
    void tellsThatTheServerIsAboutToClose() throws Exception {
        Function<String, String> answers = line -> Wire.LISTENING + Wire.closing("drain", 700);
        try (ScriptedServer server = new ScriptedServer(vertx, answers)) {
            Listener listener = new Listener() {
                @Override
                public void message(Message message) {}

                @Override
                public void closing(Closing closing) {
                    heard.add(closing.reason() + " " + closing.retryAfter());
                }
            };
            get(connect(server).listen(null, listener)).orThrow();
            await().until(() -> heard.size() == 1);
            assertThat(heard).containsExactly("drain " + Duration.ofMillis(700));
        }
    }

    @Test
    void goesOnAfterAListenerThatFails() throws Exception {
        Function<String, String> answers = line -> Wire.LISTENING + Wire.message(1, "bad") + Wire.message(2, "good");
        try (ScriptedServer server = new ScriptedServer(vertx, answers)) {
            vertx.exceptionHandler(failure -> heard.add(String.valueOf(failure.getMessage())));
            get(connect(server).listen(null, message -> {
                if (message.text().equals("bad")) {
                    throw new IllegalStateException("a bug");
                }
                hear(message);
            }));
            await().until(() -> heard.size() == 2);
            assertThat(heard).containsExactlyInAnyOrder("2-0 good", "a bug");
        }
    }

    @Test
    void leavesAServerThatPushesWithoutBeingAsked() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, line -> Wire.message(1, "a"))) {
            Future<Outcome<String>> ping = connect(server).ping();
            assertThatThrownBy(() -> get(ping))
                    .cause()
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(Reason.PROTOCOL_VIOLATION));
        }
    }

    @Test
    void fetchesAndAcknowledges() throws Exception {
        Function<String, String> answers = line -> line.startsWith("fetch")
                ? "{\"status\": \"OK\", \"messages\": [{" + Wire.fields(8, "a") + "}], \"more\": true}\r\n\r\n"
                : "{\"status\": \"OK\", \"removed\": 3}\r\n\r\n";
        try (ScriptedServer server = new ScriptedServer(vertx, answers)) {
            PesanClient client = connect(server);
            Fetched fetched = get(client.fetch(new MessageId(7, 1), 5)).orThrow();
            assertThat(fetched.more()).isTrue();
            assertThat(fetched.messages())
                    .singleElement()
                    .extracting(Message::text)
                    .isEqualTo("a");
            assertThat(get(client.ack(new MessageId(8, 0))).orThrow()).isEqualTo(3);
            assertThat(server.lines()).containsExactly("fetch after 7-1 limit 5", "ack 8-0");
            assertThatIllegalArgumentException().isThrownBy(() -> client.fetch(null, 1001));
        }
    }

    private void hear(Message message) {
        heard.add(message.id() + " " + message.text());
    }

    private PesanClient connect(ScriptedServer server) throws Exception {
        return get(PesanClient.connect(vertx, ClientOptions.of("127.0.0.1", server.port())));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, SECONDS);
    }
}
