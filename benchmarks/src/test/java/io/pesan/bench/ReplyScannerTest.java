package io.pesan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyScannerTest {

    private static final String FIRST = "{\"status\": \"OK\"}\r\n\r\n";
    private static final String SECOND = "{\"a\": 1\r\n\r}\r\r\n\r\n";
    private static final String THIRD = "\r\n\r\n";

    private final List<String> replies = new ArrayList<>();
    private final ReplyScanner scanner = new ReplyScanner();

    @Test
    void findsTheSameRepliesHoweverTheStreamIsCut() {
        byte[] stream = ascii(FIRST + SECOND + THIRD + FIRST);
        for (int one = 0; one <= stream.length; one++) {
            for (int two = one; two <= stream.length; two++) {
                replies.clear();
                scan(stream, 0, one);
                scan(stream, one, two);
                scan(stream, two, stream.length);
                assertThat(replies).containsExactly(FIRST, SECOND, THIRD, FIRST);
            }
        }
    }

    @Test
    void refusesAReplyWithoutEnd() {
        byte[] chunk = new byte[ReplyScanner.MAX_REPLY_BYTES / 2];
        scanner.scan(chunk, chunk.length, this::keep);
        scanner.scan(chunk, chunk.length, this::keep);
        assertThatThrownBy(() -> scanner.scan(chunk, 1, this::keep)).isInstanceOf(BenchException.class);
    }

    private void scan(byte[] stream, int from, int to) {
        byte[] chunk = Arrays.copyOfRange(stream, from, to);
        scanner.scan(chunk, chunk.length, this::keep);
    }

    private void keep(byte[] bytes, int from, int to) {
        replies.add(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
