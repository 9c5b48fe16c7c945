package io.pesan.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyFramerTest {

    private static final String STREAM = "{\"a\": 1}\r\n\r\n{\r\r\n\r}\r\n\r\n\r\n\r\n";

    private final List<String> frames = new ArrayList<>();

    @Test
    void findsTheSameFramesHoweverTheStreamIsCut() {
        for (int one = 0; one <= STREAM.length(); one++) {
            for (int two = one; two <= STREAM.length(); two++) {
                frames.clear();
                ReplyFramer framer = new ReplyFramer(8);
                assertThat(feed(framer, STREAM.substring(0, one))).isTrue();
                assertThat(feed(framer, STREAM.substring(one, two))).isTrue();
                assertThat(feed(framer, STREAM.substring(two))).isTrue();
                assertThat(frames).containsExactly("{\"a\": 1}", "{\r\r\n\r}", "");
            }
        }
    }

    @Test
    void takesTheLongestFrameAndRefusesALongerOne() {
        ReplyFramer framer = new ReplyFramer(8);
        assertThat(feed(framer, "12345678\r\n\r\n12345678")).isTrue();
        assertThat(frames).containsExactly("12345678");
        assertThat(feed(framer, "9")).isFalse();
    }

    private boolean feed(ReplyFramer framer, String chunk) {
        return framer.feed(Buffer.buffer(chunk), frame -> frames.add(new String(frame, StandardCharsets.US_ASCII)));
    }
}
