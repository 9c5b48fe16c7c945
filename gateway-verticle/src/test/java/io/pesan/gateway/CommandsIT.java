package io.pesan.gateway;

import static io.pesan.gateway.ScriptedServices.OTHER_TOKEN;
import static io.pesan.gateway.ScriptedServices.TOKEN;
import static io.pesan.gateway.ScriptedServices.inboxRefused;
import static io.pesan.gateway.ScriptedServices.message;
import static io.pesan.gateway.ScriptedServices.refused;
import static io.pesan.gateway.ScriptedServices.sessionRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.ActiveUsers;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.Sent;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.protocol.Token;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bytes of every command and of every error, over a socket. */
class CommandsIT {

    private static final String OK = "{\"status\": \"OK\"";
    private static final String LOGGED_IN = OK + ", \"tokenid\": \"" + TOKEN + "\", \"tokenId\": \"" + TOKEN + "\"}";
    private static final String SENT = OK + ", \"message\": \"Message Sent\"}";
    private static final String UNAUTHORIZED = error("Error, not authorized", "SESSION_UNKNOWN");
    private static final String ARGUMENTS_WRONG = error("--Protocol salah", "ARGUMENTS_WRONG");
    private static final String COMMAND_UNKNOWN = error("**Protocol salah", "COMMAND_UNKNOWN");
    private static final String BAD_ENCODING = error("Teks Bukan UTF-8 yang Sah", "BAD_ENCODING");
    private static final String SEND_UNAUTHORIZED = error("Session Tidak Ditemukan", "SESSION_UNKNOWN");

    private final GatewayUnderTest gateway = GatewayUnderTest.start();
    private final ScriptedServices services = gateway.services;
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        client = gateway.connect();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        gateway.close();
    }

    private static String error(String text, String code) {
        return "{\"status\": \"ERROR\", \"message\": \"" + text + "\", \"code\": \"" + code + "\"}";
    }

    private static String hash(String token) {
        return new Token(token).hash();
    }

    @Test
    void servesTheCommandsOfTheFirstClientsByTheirBytes() throws IOException {
        assertThat(client.ask("auth messi surabaya ")).isEqualTo(LOGGED_IN);
        assertThat(client.ask("send " + TOKEN + " henderson  hola ")).isEqualTo(SENT);
        assertThat(client.ask("inbox " + TOKEN + " ")).isEqualTo(OK + ", \"messages\": {}}");
        assertThat(client.ask("listuser " + TOKEN + " ")).isEqualTo(OK + ", \"listuseraktif\": \"messi henderson \"}");
        String farewell = "Terima Kasih Telah Menggunakan Service Ini";
        assertThat(client.ask("logout " + TOKEN + " "))
                .isEqualTo(OK + ", \"messages\": \"" + farewell + "\", \"message\": \"" + farewell + "\"}");
        assertThat(services.inboxCommands().get(0).getSend().getText()).isEqualTo("hola");
        assertThat(services.inboxCommands().get(0).getSend().getRecipient()).isEqualTo("henderson");
        assertThat(services.inboxCommands().get(0).getSend().getSession()).isEqualTo(hash(TOKEN));
    }

    @Test
    void groupsAnInboxBySenderInTheOrderOfTheirOldestMessages() throws IOException {
        services.pending = List.of(
                message("1-1", "messi", "Lionel Messi", "hola"),
                message("1-2", "lineker", "Gary Lineker", "\"hi\" \ud83d\ude00"),
                message("1-3", "messi", "Lionel Messi", "\u00bfqu\u00e9?"));
        String to = "\"msg_to\": \"Jordan Henderson\"";
        assertThat(client.ask("@t inbox " + TOKEN))
                .isEqualTo(OK + ", \"messages\": {\"messi\": [{\"msg_from\": \"Lionel Messi\", " + to
                        + ", \"msg\": \"hola\"}, {\"msg_from\": \"Lionel Messi\", " + to
                        + ", \"msg\": \"\\u00bfqu\\u00e9?\"}], \"lineker\": [{\"msg_from\": \"Gary Lineker\", " + to
                        + ", \"msg\": \"\\\"hi\\\" \\ud83d\\ude00\"}]}, \"tag\": \"t\"}");
    }

    @Test
    void servesTheExtensions() throws IOException {
        assertThat(client.ask("resume " + TOKEN)).isEqualTo(OK + ", \"username\": \"messi\"}");
        assertThat(client.ask("whoami")).isEqualTo(OK + ", \"username\": \"messi\", \"name\": \"Lionel Messi\"}");
        assertThat(client.ask("send henderson hola"))
                .isEqualTo(OK + ", \"message\": \"Message Sent\", \"id\": \"1-1\"}");
        assertThat(client.ask("passwd old new")).isEqualTo(OK + ", \"message\": \"Password Changed\"}");
        assertThat(client.ask("register pele secret Edson Arantes")).isEqualTo(OK + ", \"username\": \"pele\"}");
        assertThat(client.ask("ping")).isEqualTo(OK + ", \"message\": \"pong\"}");
        assertThat(client.ask("help"))
                .isEqualTo(OK + ", \"commands\": [\"auth <username> <password>\","
                        + " \"send [token] <recipient> <text>\", \"inbox [token]\","
                        + " \"listuser [token] [after <cursor>]\", \"logout [token]\", \"resume <token>\","
                        + " \"whoami [token]\", \"fetch [token] [after <id>] [limit <n>]\","
                        + " \"ack [token] <id>\", \"listen [token] [after <id>]\", \"unlisten\","
                        + " \"register <username> <password> [full name]\","
                        + " \"passwd [token] <old> <new>\", \"ping\", \"help\", \"quit\"]}");
        assertThat(client.ask("quit")).isEqualTo(OK + ", \"message\": \"Bye\"}");
        assertThat(client.ending()).isEqualTo("end");
    }

    @Test
    void namesThePageThatFollowsInALongListOfUsers() throws IOException {
        services.sessionCommand = command -> SessionResult.newBuilder()
                .setActiveUsers(ActiveUsers.newBuilder()
                        .addUsernames("a" + command.getListActiveUsers().getAfter())
                        .setNext("5:b"))
                .build();
        String reply = OK + ", \"listuseraktif\": \"a5:b \", \"next\": \"5:b\"}";
        assertThat(client.ask("listuser " + TOKEN)).isEqualTo(OK + ", \"listuseraktif\": \"a \", \"next\": \"5:b\"}");
        assertThat(client.ask("listuser " + TOKEN + " after 5:b")).isEqualTo(reply);
        assertThat(client.ask("listuser after 5:b")).isEqualTo(UNAUTHORIZED);
        client.ask("auth messi surabaya");
        assertThat(client.ask("listuser after 5:b")).isEqualTo(reply);
        assertThat(client.ask("listuser after")).isEqualTo(ARGUMENTS_WRONG);
        assertThat(client.ask("listuser " + TOKEN + " before 5:b")).isEqualTo(ARGUMENTS_WRONG);
        assertThat(client.ask("listuser after 5:b 6")).isEqualTo(ARGUMENTS_WRONG);
    }

    @Test
    void seesThatACursorOrAnIdIsMalformedBeforeItAsksForASession() throws IOException {
        for (String line : List.of(
                "listuser after x",
                "listuser x after 5-b",
                "fetch after x",
                "fetch x after 5",
                "ack 5",
                "listen after x")) {
            assertThat(client.ask(line)).as(line).isEqualTo(ARGUMENTS_WRONG);
        }
        assertThat(services.sessionBatches).isEmpty();
    }

    @Test
    void echoesTheTagOfEveryReply() throws IOException {
        assertThat(client.ask("@1 ping")).isEqualTo(OK + ", \"message\": \"pong\", \"tag\": \"1\"}");
        assertThat(client.ask("@a.b_c:d-E nonsense"))
                .isEqualTo(COMMAND_UNKNOWN.replace("}", ", \"tag\": \"a.b_c:d-E\"}"));
        assertThat(client.ask("@2 send x y")).isEqualTo(SEND_UNAUTHORIZED.replace("}", ", \"tag\": \"2\"}"));
        assertThat(client.ask("@3 send x \u0001")).isEqualTo(BAD_ENCODING.replace("}", ", \"tag\": \"3\"}"));
        assertThat(client.ask("@4")).isEqualTo(COMMAND_UNKNOWN.replace("}", ", \"tag\": \"4\"}"));
        assertThat(client.ask("@/ ping")).isEqualTo(ARGUMENTS_WRONG);
        assertThat(client.ask("@" + "x".repeat(65) + " ping")).isEqualTo(ARGUMENTS_WRONG);
        assertThat(client.ask("@5 send " + TOKEN + " x " + "y".repeat(64 << 10)))
                .isEqualTo(error("Perintah Terlalu Panjang", "LINE_TOO_LONG").replace("}", ", \"tag\": \"5\"}"));
        assertThat(client.ending()).isEqualTo("end");
    }

    @Test
    void goesOnAfterALineThatIsNotUtf8() throws IOException {
        client.say(new byte[] {'s', 'e', 'n', 'd', ' ', 'x', ' ', (byte) 0xff, '\n'});
        assertThat(client.reply()).isEqualTo(BAD_ENCODING);
        assertThat(client.ask("ping")).isEqualTo(OK + ", \"message\": \"pong\"}");
    }

    @Test
    void passesATagOnAndSaysThatItWasUsedBefore() throws IOException {
        assertThat(client.ask("@a-tag send " + TOKEN + " henderson hola")).doesNotContain("duplicate");
        assertThat(gateway.services.inboxCommands().get(0).getSend().getTag()).isEqualTo("a-tag");
        gateway.services.inboxCommand = command -> InboxResult.newBuilder()
                .setSent(Sent.newBuilder().setId("1-1").setDuplicate(true))
                .build();
        assertThat(client.ask("@a-tag send " + TOKEN + " henderson hola"))
                .isEqualTo(OK + ", \"message\": \"Message Sent\", \"id\": \"1-1\", \"duplicate\": true,"
                        + " \"tag\": \"a-tag\"}");
        gateway.services.inboxCommand = command -> inboxRefused(Refusal.TAG_REUSED);
        assertThat(client.ask("@a-tag send " + TOKEN + " henderson adios"))
                .isEqualTo("{\"status\": \"ERROR\", \"message\": \"Tag Sudah Dipakai\", \"code\": \"TAG_REUSED\","
                        + " \"tag\": \"a-tag\"}");
    }

    @Test
    void refusesWhatItDoesNotUnderstand() throws IOException {
        for (String line : List.of("nonsense", "AUTH messi surabaya", "Ping", "send\thenderson", "listens")) {
            assertThat(client.ask(line)).as(line).isEqualTo(COMMAND_UNKNOWN);
        }
        for (String line : List.of(
                "auth",
                "auth messi",
                "auth messi a b",
                "send",
                "send henderson",
                "send " + TOKEN,
                "send " + TOKEN + " x",
                "inbox " + TOKEN + " x",
                "inbox x y",
                "logout " + TOKEN + " x",
                "whoami " + TOKEN + " x",
                "resume",
                "resume " + TOKEN + " x",
                "passwd",
                "passwd a",
                "passwd " + TOKEN + " a b c",
                "ping x",
                "help x",
                "quit x",
                "register",
                "register a",
                "register a/b c",
                "register a b " + "n".repeat(65),
                "auth messi " + "p".repeat(129))) {
            assertThat(client.ask(line)).as(line).isEqualTo(ARGUMENTS_WRONG);
        }
        assertThat(services.inboxBatches).isEmpty();
        assertThat(services.sessionBatches).isEmpty();
        assertThat(services.credentialRequests).isEmpty();
    }

    @Test
    void hasNoRegisterUnlessItIsSwitchedOn() throws IOException {
        try (GatewayUnderTest closed = GatewayUnderTest.startWithoutRegistration();
                RawClient stranger = closed.connect()) {
            assertThat(stranger.ask("register pele secret")).isEqualTo(COMMAND_UNKNOWN);
            assertThat(stranger.ask("help")).doesNotContain("register");
        }
    }

    @Test
    void takesTheConnectionsSessionWhereTheTokenIsLeftOut() throws IOException {
        assertThat(client.ask("send henderson hola")).isEqualTo(SEND_UNAUTHORIZED);
        for (String line : List.of("inbox", "listuser", "logout", "whoami", "passwd a b")) {
            assertThat(client.ask(line)).as(line).isEqualTo(UNAUTHORIZED);
        }
        assertThat(services.inboxBatches).isEmpty();
        client.ask("auth messi surabaya");
        assertThat(client.ask("send henderson hola que tal")).startsWith(OK);
        assertThat(services.inboxCommands().get(0).getSend().getSession()).isEqualTo(hash(TOKEN));
        assertThat(services.inboxCommands().get(0).getSend().getText()).isEqualTo("hola que tal");
        assertThat(client.ask("send " + OTHER_TOKEN + " henderson hola")).startsWith(OK);
        assertThat(services.inboxCommands().get(1).getSend().getSession()).isEqualTo(hash(OTHER_TOKEN));
        for (String line : List.of("inbox", "listuser", "logout", "whoami", "passwd a b")) {
            assertThat(client.ask(line)).as(line).startsWith(OK);
        }
    }

    @Test
    void countsWhatStandsInATokensPlaceAsATokenThatNobodyHas() throws IOException {
        client.ask("auth messi surabaya");
        for (String line : List.of(
                "inbox x",
                "listuser x",
                "listuser x after 5:b",
                "logout x",
                "whoami x",
                "resume x",
                "passwd x a b",
                "inbox " + TOKEN.toUpperCase(Locale.ROOT))) {
            assertThat(client.ask(line)).as(line).isEqualTo(UNAUTHORIZED);
        }
        assertThat(services.inboxBatches).isEmpty();
    }

    @Test
    void forgetsTheConnectionsSessionWhenALoginFails() throws IOException {
        for (String failing :
                List.of("auth messi wrong", "auth messi", "resume " + OTHER_TOKEN, "resume x", "resume")) {
            services.credentials = services::answerCredentials;
            services.sessionCommand = services::succeed;
            client.ask("auth messi surabaya");
            assertThat(client.ask("whoami")).as(failing).startsWith(OK);
            services.credentials = request -> Future.succeededFuture(CredentialReply.newBuilder()
                    .setRefused(refused(Refusal.PASSWORD_WRONG))
                    .build());
            services.sessionCommand = command -> sessionRefused(Refusal.SESSION_UNKNOWN);
            assertThat(client.ask(failing)).as(failing).startsWith("{\"status\": \"ERROR\"");
            services.sessionCommand = services::succeed;
            assertThat(client.ask("whoami")).as("after " + failing).isEqualTo(UNAUTHORIZED);
        }
    }

    @Test
    void readsThePasswordsOfPasswdWithAndWithoutToken() throws IOException {
        client.ask("resume " + TOKEN);
        client.ask("passwd one two");
        client.ask("passwd " + OTHER_TOKEN + " three four");
        client.ask("passwd " + OTHER_TOKEN + " five");
        List<CredentialRequest> requests = List.copyOf(services.credentialRequests);
        assertThat(requests)
                .extracting(request -> request.getChangePassword().getSession())
                .containsExactly(hash(TOKEN), hash(OTHER_TOKEN), hash(TOKEN));
        assertThat(requests)
                .extracting(request -> request.getChangePassword().getOldPassword())
                .containsExactly("one", "three", OTHER_TOKEN);
        assertThat(requests)
                .extracting(request -> request.getChangePassword().getNewPassword())
                .containsExactly("two", "four", "five");
    }

    @Test
    void passesEveryRefusalOn() throws IOException {
        for (Refusal reason : Refusal.values()) {
            if (reason == Refusal.UNRECOGNIZED || reason == Refusal.REFUSAL_UNSPECIFIED) {
                continue;
            }
            services.inboxCommand = command -> inboxRefused(reason);
            services.sessionCommand = command -> sessionRefused(reason);
            services.credentials = request -> Future.succeededFuture(
                    CredentialReply.newBuilder().setRefused(refused(reason)).build());
            String code = "\"code\": \"" + reason.name() + "\"}";
            for (String line : List.of(
                    "auth messi x",
                    "send " + TOKEN + " x y",
                    "inbox " + TOKEN,
                    "listuser " + TOKEN,
                    "logout " + TOKEN,
                    "whoami " + TOKEN,
                    "resume " + TOKEN,
                    "passwd " + TOKEN + " a b",
                    "register a b")) {
                assertThat(client.ask(line))
                        .as(line)
                        .startsWith("{\"status\": \"ERROR\"")
                        .endsWith(code);
            }
        }
        services.inboxCommand = command -> inboxRefused(Refusal.SESSION_UNKNOWN);
        assertThat(client.ask("send " + TOKEN + " x y")).isEqualTo(SEND_UNAUTHORIZED);
        assertThat(client.ask("inbox " + TOKEN)).isEqualTo(UNAUTHORIZED);
        services.inboxCommand = command -> InboxResult.getDefaultInstance();
        assertThat(client.ask("send " + TOKEN + " x y"))
                .isEqualTo(error("Layanan Sedang Tidak Tersedia, Silahkan Coba Lagi", "UNAVAILABLE"));
    }

    @Test
    void saysWhenToTryAgain() throws IOException {
        services.credentials = request -> Future.succeededFuture(CredentialReply.newBuilder()
                .setRefused(
                        Refused.newBuilder().setReason(Refusal.AUTH_THROTTLED).setRetryAfterMs(1500))
                .build());
        assertThat(client.ask("@t auth messi x"))
                .isEqualTo("{\"status\": \"ERROR\", \"message\": \"Terlalu Banyak Percobaan Login, Silahkan Coba Lagi"
                        + " Nanti\", \"code\": \"AUTH_THROTTLED\", \"retry_after_ms\": 1500, \"tag\": \"t\"}");
    }
}
