package io.pesan.contract.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyBufferTest {

    private static final String TOKEN = "36fb2d4e-d5d1-476b-82d8-ffa4140e2af3";

    private final ReplyBuffer buffer = new ReplyBuffer();

    private String taken() {
        int length = buffer.length();
        byte[] bytes = buffer.take();
        assertThat(bytes).hasSize(length);
        String text = new String(bytes, US_ASCII);
        assertThat(text.getBytes(US_ASCII)).as("pure ASCII").isEqualTo(bytes);
        return text;
    }

    @Test
    void writesASuccess() {
        buffer.ok().text("tokenid", TOKEN).text("tokenId", TOKEN).close(null);
        assertThat(taken())
                .isEqualTo(
                        "{\"status\": \"OK\", \"tokenid\": \"" + TOKEN + "\", \"tokenId\": \"" + TOKEN + "\"}\r\n\r\n");
    }

    @Test
    void writesASuccessWithNothingMore() {
        buffer.ok().close(null);
        assertThat(taken()).isEqualTo("{\"status\": \"OK\"}\r\n\r\n");
    }

    @Test
    void writesTheTagLast() {
        buffer.ok().text("message", "pong").close("t:1");
        assertThat(taken()).isEqualTo("{\"status\": \"OK\", \"message\": \"pong\", \"tag\": \"t:1\"}\r\n\r\n");
    }

    @Test
    void writesAnInbox() {
        buffer.ok().openObject("messages").openArray("messi");
        buffer.openObject()
                .text("msg_from", "Lionel Messi")
                .text("msg_to", "Jordan Henderson")
                .text("msg", "hola")
                .closeObject();
        buffer.openObject().text("msg", "2").closeObject().closeArray();
        buffer.openArray("lineker").openObject().text("msg", "3").closeObject().closeArray();
        buffer.closeObject().close("t");
        assertThat(taken())
                .isEqualTo("{\"status\": \"OK\", \"messages\": {\"messi\": [{\"msg_from\": \"Lionel Messi\","
                        + " \"msg_to\": \"Jordan Henderson\", \"msg\": \"hola\"}, {\"msg\": \"2\"}],"
                        + " \"lineker\": [{\"msg\": \"3\"}]}, \"tag\": \"t\"}\r\n\r\n");
    }

    @Test
    void writesAnEmptyInbox() {
        buffer.ok().openObject("messages").closeObject().close(null);
        assertThat(taken()).isEqualTo("{\"status\": \"OK\", \"messages\": {}}\r\n\r\n");
    }

    @Test
    void writesArraysNumbersAndBooleans() {
        buffer.ok().openArray("commands").element("a").element("b").closeArray();
        buffer.openArray("none").closeArray();
        buffer.number("removed", -7).bool("more", false).bool("duplicate", true).close(null);
        assertThat(taken())
                .isEqualTo("{\"status\": \"OK\", \"commands\": [\"a\", \"b\"], \"none\": [], \"removed\": -7,"
                        + " \"more\": false, \"duplicate\": true}\r\n\r\n");
    }

    @Test
    void writesAnEvent() {
        buffer.open().text("event", "closing").number("retry_after_ms", 250).close(null);
        assertThat(taken()).isEqualTo("{\"event\": \"closing\", \"retry_after_ms\": 250}\r\n\r\n");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void writesEveryError(ErrorCode code) {
        buffer.error(code, false, 0, null);
        assertThat(taken())
                .isEqualTo("{\"status\": \"ERROR\", \"message\": \"" + code.text() + "\", \"code\": \"" + code.name()
                        + "\"}\r\n\r\n");
    }

    @Test
    void writesTheTextsThatDeployedClientsShow() {
        assertThat(ErrorCode.USER_UNKNOWN.text()).isEqualTo("User Tidak Tersedia, Silahkan Coba Lagi");
        assertThat(ErrorCode.PASSWORD_WRONG.text()).isEqualTo("Password yang Anda Masukkan Salah, Silahkan Coba Lagi");
        assertThat(ErrorCode.RECIPIENT_UNKNOWN.text()).isEqualTo("User Tidak Ditemukan");
        assertThat(ErrorCode.SESSION_UNKNOWN.text()).isEqualTo("Error, not authorized");
        assertThat(ErrorCode.SESSION_UNKNOWN.textForSend()).isEqualTo("Session Tidak Ditemukan");
        assertThat(ErrorCode.RECIPIENT_UNKNOWN.textForSend()).isEqualTo("User Tidak Ditemukan");
        assertThat(ErrorCode.COMMAND_UNKNOWN.text()).isEqualTo("**Protocol salah");
        assertThat(ErrorCode.ARGUMENTS_WRONG.text()).isEqualTo("--Protocol salah");
        assertThat(ErrorCode.LINE_TOO_LONG.text()).isEqualTo("Perintah Terlalu Panjang");
        assertThat(ErrorCode.BAD_ENCODING.text()).isEqualTo("Teks Bukan UTF-8 yang Sah");
        assertThat(ErrorCode.AUTH_THROTTLED.text())
                .isEqualTo("Terlalu Banyak Percobaan Login, Silahkan Coba Lagi Nanti");
        assertThat(ErrorCode.RATE_LIMITED.text()).isEqualTo("Terlalu Banyak Permintaan, Silahkan Coba Lagi Nanti");
        assertThat(ErrorCode.INBOX_FULL.text()).isEqualTo("Inbox Penerima Penuh");
        assertThat(ErrorCode.TAG_REUSED.text()).isEqualTo("Tag Sudah Dipakai");
        assertThat(ErrorCode.USER_EXISTS.text()).isEqualTo("User Sudah Ada");
        assertThat(ErrorCode.UNAVAILABLE.text()).isEqualTo("Layanan Sedang Tidak Tersedia, Silahkan Coba Lagi");
    }

    @Test
    void writesWhenToTryAgainBeforeTheTag() {
        buffer.error(ErrorCode.RATE_LIMITED, true, 1500, "t");
        assertThat(taken())
                .isEqualTo(
                        "{\"status\": \"ERROR\", \"message\": \"Terlalu Banyak Permintaan, Silahkan Coba Lagi Nanti\","
                                + " \"code\": \"RATE_LIMITED\", \"retry_after_ms\": 1500, \"tag\": \"t\"}\r\n\r\n");
    }

    @Test
    void writesTheTextOfASendWithoutSession() {
        buffer.error(ErrorCode.SESSION_UNKNOWN, true, 0, null);
        assertThat(taken())
                .isEqualTo("{\"status\": \"ERROR\", \"message\": \"Session Tidak Ditemukan\","
                        + " \"code\": \"SESSION_UNKNOWN\"}\r\n\r\n");
    }

    @Test
    void escapesWhatIsNotPlainAscii() {
        buffer.open()
                .text("msg", "a\"b\\c/\t\r\n\b\f\0\u001f\u007f é日\ud83d\ude00\u2028")
                .close(null);
        assertThat(taken())
                .isEqualTo("{\"msg\": \"a\\\"b\\\\c/\\t\\r\\n\\u0008\\u000c\\u0000\\u001f\\u007f"
                        + " \\u00e9\\u65e5\\ud83d\\ude00\\u2028\"}\r\n\r\n");
    }

    @Test
    void writesRepliesOneAfterTheOther() {
        buffer.ok().close(null);
        buffer.error(ErrorCode.COMMAND_UNKNOWN, false, 0, null);
        buffer.ok().text("a", "b").close(null);
        assertThat(taken().split("(?<=\r\n\r\n)"))
                .containsExactly(
                        "{\"status\": \"OK\"}\r\n\r\n",
                        "{\"status\": \"ERROR\", \"message\": \"**Protocol salah\", \"code\": \"COMMAND_UNKNOWN\"}\r\n\r\n",
                        "{\"status\": \"OK\", \"a\": \"b\"}\r\n\r\n");
    }

    @Test
    void isEmptyAfterItWasTaken() {
        buffer.ok().close(null);
        byte[] first = buffer.take();
        assertThat(buffer.length()).isZero();
        assertThat(buffer.take()).isEmpty();
        buffer.error(ErrorCode.UNAVAILABLE, false, 0, null);
        assertThat(new String(first, US_ASCII)).isEqualTo("{\"status\": \"OK\"}\r\n\r\n");
        buffer.take();
        buffer.ok().text("big", "x".repeat(100_000)).close(null);
        assertThat(taken()).hasSize(15 + 9 + 100_002 + 5);
        buffer.ok().close(null);
        assertThat(taken()).isEqualTo("{\"status\": \"OK\"}\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void writesAnyTextSoThatItReadsBackAndIsAsLongAsForetold(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = anyText(random);
            buffer.open().text("t", text).close(null);
            String written = taken();
            String encoded = written.substring("{\"t\": \"".length(), written.length() - "\"}\r\n\r\n".length());
            assertThat(encoded).hasSize(ReplyBuffer.encodedLength(text));
            assertThat(decode(encoded)).isEqualTo(text);
        }
    }

    private static String anyText(Random random) {
        StringBuilder text = new StringBuilder();
        int[] bounds = {0x20, 0x80, 0x100, 0x800, 0x1_0000, 0x11_0000};
        for (int i = random.nextInt(60); i > 0; i--) {
            int codePoint = random.nextInt(bounds[random.nextInt(bounds.length)]);
            if (codePoint < 0xd800 || codePoint > 0xdfff) {
                text.appendCodePoint(codePoint);
            }
        }
        return text.toString();
    }

    private static String decode(String encoded) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = encoded.charAt(++i);
            switch (escape) {
                case 't' -> text.append('\t');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 'u' -> {
                    text.append((char) Integer.parseInt(encoded.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> text.append(escape);
            }
        }
        return text.toString();
    }
}
