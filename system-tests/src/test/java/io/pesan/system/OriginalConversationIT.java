package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bytes that the first deployed clients send, and the bytes that they must get: one conversation of three users, each
 * on a connection of their own that reads 64 bytes at a time.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OriginalConversationIT {

    private static final int CLIENT_READ_SIZE = 64;
    private static final String TOKEN = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    private static final String FAREWELL =
            "{\"status\": \"OK\", \"messages\": \"Terima Kasih Telah Menggunakan Service Ini\","
                    + " \"message\": \"Terima Kasih Telah Menggunakan Service Ini\"}\r\n\r\n";

    @TempDir
    static Path folder;

    private static NodeProcess node;
    private static WireClient messi;
    private static WireClient henderson;
    private static WireClient lineker;
    private static String messiToken = "";
    private static String hendersonToken = "";
    private static String linekerToken = "";

    @BeforeAll
    static void begin() {
        node = NodeProcess.start(folder.resolve("data"), List.of());
        messi = new WireClient(node.port(), CLIENT_READ_SIZE, 0);
        henderson = new WireClient(node.port(), CLIENT_READ_SIZE, 0);
        lineker = new WireClient(node.port(), CLIENT_READ_SIZE, 0);
    }

    @AfterAll
    static void end() {
        messi.close();
        henderson.close();
        lineker.close();
        assertThat(node.stop()).as(node.output()).isZero();
    }

    private static String original(WireClient client, String request) {
        client.send(request + " \r\n");
        return client.reply();
    }

    private static String token(String reply) {
        assertThat(reply)
                .matches("\\{\"status\": \"OK\", \"tokenid\": \"(" + TOKEN + ")\", \"tokenId\": \"\\1\"}\r\n\r\n");
        return new JsonObject(reply).getString("tokenid");
    }

    private static String error(String text, String code) {
        return "{\"status\": \"ERROR\", \"message\": \"" + text + "\", \"code\": \"" + code + "\"}\r\n\r\n";
    }

    @Test
    @Order(1)
    void theThreeLogIn() {
        messiToken = token(original(messi, "auth messi surabaya"));
        hendersonToken = token(original(henderson, "auth henderson surabaya"));
        linekerToken = token(original(lineker, "auth lineker surabaya"));
    }

    @Test
    @Order(2)
    void allThreeAreListedInTheOrderOfTheirLogIns() {
        assertThat(original(lineker, "listuser " + linekerToken))
                .isEqualTo("{\"status\": \"OK\", \"listuseraktif\": \"messi henderson lineker \"}\r\n\r\n");
    }

    @Test
    @Order(3)
    void messiSends() {
        assertThat(original(messi, "send " + messiToken + " henderson  hola"))
                .isEqualTo("{\"status\": \"OK\", \"message\": \"Message Sent\"}\r\n\r\n");
        assertThat(original(messi, "send " + messiToken + " henderson  ¿qué  tal? 😀"))
                .isEqualTo("{\"status\": \"OK\", \"message\": \"Message Sent\"}\r\n\r\n");
        assertThat(original(lineker, "send " + linekerToken + " henderson hello \"there\""))
                .isEqualTo("{\"status\": \"OK\", \"message\": \"Message Sent\"}\r\n\r\n");
    }

    @Test
    @Order(4)
    void theInboxShowsItWithTheFullNamesAndIsEmptyTheNextTime() {
        assertThat(original(henderson, "inbox " + hendersonToken))
                .isEqualTo("{\"status\": \"OK\", \"messages\": {"
                        + "\"messi\": ["
                        + "{\"msg_from\": \"Lionel Messi\", \"msg_to\": \"Jordan Henderson\", \"msg\": \"hola\"}, "
                        + "{\"msg_from\": \"Lionel Messi\", \"msg_to\": \"Jordan Henderson\","
                        + " \"msg\": \"\\u00bfqu\\u00e9  tal? \\ud83d\\ude00\"}], "
                        + "\"lineker\": ["
                        + "{\"msg_from\": \"Gary Lineker\", \"msg_to\": \"Jordan Henderson\","
                        + " \"msg\": \"hello \\\"there\\\"\"}]}}\r\n\r\n");
        assertThat(original(henderson, "inbox " + hendersonToken))
                .isEqualTo("{\"status\": \"OK\", \"messages\": {}}\r\n\r\n");
    }

    @Test
    @Order(5)
    void everyErrorIsTheOriginals() {
        assertThat(original(messi, "auth nobody surabaya"))
                .isEqualTo(error("User Tidak Tersedia, Silahkan Coba Lagi", "USER_UNKNOWN"));
        assertThat(original(messi, "auth messi jakarta"))
                .isEqualTo(error("Password yang Anda Masukkan Salah, Silahkan Coba Lagi", "PASSWORD_WRONG"));
        String nobodys = "36fb2d4e-d5d1-476b-82d8-ffa4140e2af3";
        assertThat(original(messi, "send " + nobodys + " henderson hola"))
                .isEqualTo(error("Session Tidak Ditemukan", "SESSION_UNKNOWN"));
        assertThat(original(messi, "send " + messiToken + " nobody hola"))
                .isEqualTo(error("User Tidak Ditemukan", "RECIPIENT_UNKNOWN"));
        assertThat(original(messi, "inbox " + nobodys)).isEqualTo(error("Error, not authorized", "SESSION_UNKNOWN"));
        assertThat(original(messi, "listuser " + nobodys)).isEqualTo(error("Error, not authorized", "SESSION_UNKNOWN"));
        assertThat(original(messi, "logout " + nobodys)).isEqualTo(error("Error, not authorized", "SESSION_UNKNOWN"));
        assertThat(original(messi, "dance")).isEqualTo(error("**Protocol salah", "COMMAND_UNKNOWN"));
        assertThat(original(messi, "auth messi")).isEqualTo(error("--Protocol salah", "ARGUMENTS_WRONG"));
        assertThat(original(messi, "send " + messiToken + " henderson"))
                .isEqualTo(error("--Protocol salah", "ARGUMENTS_WRONG"));
        messi.send(new byte[] {'p', 'i', (byte) 0xc0, (byte) 0xaf, '\r', '\n'});
        assertThat(messi.reply()).isEqualTo(error("Teks Bukan UTF-8 yang Sah", "BAD_ENCODING"));
        try (WireClient verbose = node.connect()) {
            verbose.send("x".repeat((64 << 10) + 1) + "\r\n");
            assertThat(verbose.reply()).isEqualTo(error("Perintah Terlalu Panjang", "LINE_TOO_LONG"));
        }
    }

    @Test
    @Order(6)
    void whoLogsOutIsGoneAtOnce() {
        assertThat(original(messi, "logout " + messiToken)).isEqualTo(FAREWELL);
        assertThat(original(lineker, "listuser " + linekerToken))
                .isEqualTo("{\"status\": \"OK\", \"listuseraktif\": \"henderson lineker \"}\r\n\r\n");
        assertThat(original(messi, "inbox " + messiToken)).isEqualTo(error("Error, not authorized", "SESSION_UNKNOWN"));
    }
}
