package io.pesan.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pesan.client.ClientException.Reason;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a scripted peer: what a well-behaved server never does is tested here as well. */
class PesanClientIT {

    private static final String OK_PING = "{\"status\": \"OK\", \"message\": \"pong\"}\r\n\r\n";
    private static final String TOKEN = "36fb2d4e-d5d1-476b-82d8-ffa4140e2af3";
    private static final Username LINEKER = new Username("lineker");

    private Vertx vertx;

    @BeforeEach
    void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stopVertx() throws Exception {
        get(vertx.close());
    }

    @Test
    void matchesPipelinedAnswersInOrder() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, PesanClientIT::converse)) {
            PesanClient client = connect(server, Function.identity());
            Future<Outcome<Token>> auth = client.auth(new Username("messi"), "surabaya");
            List<Future<Outcome<Sent>>> sends = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                sends.add(client.send("t" + i, LINEKER, "text " + i));
            }
            assertThat(get(auth).orThrow()).isEqualTo(new Token(TOKEN));
            for (int i = 0; i < 500; i++) {
                assertThat(get(sends.get(i)).orThrow().id().orElseThrow().sequence())
                        .isEqualTo(i);
            }
            assertThat(server.lines()).startsWith("auth messi surabaya", "@t0 send lineker text 0");
            get(client.close());
        }
    }

    private static String converse(String line) {
        if (line.startsWith("auth")) {
            return "{\"status\": \"OK\", \"tokenid\": \"" + TOKEN + "\", \"tokenId\": \"" + TOKEN + "\"}\r\n\r\n";
        }
        String number = line.substring(line.lastIndexOf(' ') + 1);
        return "{\"status\": \"OK\", \"message\": \"Message Sent\", \"id\": \"1-" + number + "\", \"tag\": \"t" + number
                + "\"}\r\n\r\n";
    }

    @Test
    void failsACallThatIsNotAnsweredInTimeAndKeepsItsPlace() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, line -> line.equals("ping") ? "" : OK_PING + OK_PING)) {
            PesanClient client = connect(server, options -> options.withTimeout(Duration.ofSeconds(1)));
            assertReason(client.ping(), Reason.TIMED_OUT);
            assertThat(get(client.quit()).orThrow()).isEqualTo("pong");
        }
    }

    @Test
    void refusesMoreThanMayBeOutstanding() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, line -> "")) {
            PesanClient client = connect(server, options -> options.withMaxOutstanding(2));
            Future<Outcome<String>> first = client.ping();
            Future<Outcome<String>> second = client.ping();
            assertReason(client.ping(), Reason.TOO_MANY_OUTSTANDING);
            await().until(() -> server.lines().size() == 2);
            server.push(OK_PING + OK_PING);
            get(first);
            get(second);
        }
    }

    @Test
    void failsWhatIsUnderWayWhenTheConnectionIsLost() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, line -> "")) {
            PesanClient client = connect(server, Function.identity());
            Future<Outcome<String>> ping = client.ping();
            await().until(() -> server.lines().size() == 1);
            server.push("{\"status\": \"OK\", \"mess");
            server.cutConnections();
            assertReason(ping, Reason.CONNECTION_LOST);
            get(client.closed());
            assertReason(client.ping(), Reason.CONNECTION_LOST);
        }
    }

    @Test
    void leavesAServerThatTalksNonsense() throws Exception {
        for (String nonsense : List.of(
                "nonsense\r\n\r\n", "{\"status\": \"OK\"}\r\n\r\n", OK_PING + OK_PING + OK_PING, "x".repeat(2000))) {
            try (ScriptedServer server = new ScriptedServer(vertx, line -> line.equals("help") ? nonsense : "")) {
                PesanClient client = connect(server, options -> options.withMaxReplyBytes(1000));
                Future<Outcome<List<String>>> help = client.help();
                assertReason(help, Reason.PROTOCOL_VIOLATION);
                get(client.closed());
            }
        }
    }

    @Test
    void canBeClosedByWhoeverGetsAnAnswer() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, line -> OK_PING)) {
            PesanClient client = connect(server, Function.identity());
            Future<Outcome<String>> closing =
                    client.ping().compose(pong -> client.close().map(pong));
            assertThat(get(closing).orThrow()).isEqualTo("pong");
            assertReason(client.ping(), Reason.CONNECTION_LOST);
        }
    }

    @Test
    void saysWhoCannotBeReached() throws Exception {
        int port;
        try (ScriptedServer server = new ScriptedServer(vertx, line -> "")) {
            port = server.port();
        }
        assertReason(PesanClient.connect(vertx, ClientOptions.of("127.0.0.1", port)), Reason.UNREACHABLE);
    }

    @Test
    void failsWhatIsUnderWayWhenItIsReset() throws Exception {
        try (ScriptedServer server = new ScriptedServer(vertx, line -> "")) {
            PesanClient client = connect(server, Function.identity());
            Future<Outcome<String>> ping = client.ping();
            get(client.reset());
            assertReason(ping, Reason.CONNECTION_LOST);
        }
    }

    private PesanClient connect(ScriptedServer server, Function<ClientOptions, ClientOptions> change) throws Exception {
        return get(PesanClient.connect(vertx, change.apply(ClientOptions.of("127.0.0.1", server.port()))));
    }

    private static void assertReason(Future<?> future, Reason reason) {
        assertThatThrownBy(() -> get(future))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(reason));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, SECONDS);
    }
}
