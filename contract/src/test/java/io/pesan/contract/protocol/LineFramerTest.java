package io.pesan.contract.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineFramerTest {

    private static final String TOO_LONG = "<too long> ";
    private static final int LIMIT = 12;

    private static final List<String> CORPUS = List.of(
            "",
            "\n",
            "\r\n\r\n",
            "ping\n",
            "ping\r\n",
            "auth messi surabaya \r\n",
            " \t\r\n  ping\t \r \r\nping",
            "a\n\nb\r\n \r\nc\n",
            "a\rb\nc\r\r\n",
            "é\nhé 😀!\n😀😀😀\r\n日本語\n",
            "123456789012\nnext\n",
            "123456789012\r\nnext\n",
            "1234567890123\nnext\n",
            "12345678901\r\r\nnext\n",
            "123456789012\r\r\nnext\n",
            "          12\r\nnext\n",
            "@t ping\n          123\nnext\n",
            "12          \nnext\n",
            "12           \nnext\n",
            "@t ping\n             \nnext\n",
            "            \nnext\n",
            "            \r\nnext\n",
            "            \r",
            "             ",
            "            \rx\n",
            "ok\n@tag 6789012345678901234567890\nnever\n",
            "@12345678901234567890 x\n",
            "\0\u0001\u007f\n");

    /** What the framer must find, found the simple way: with everything there at once. */
    private static List<String> expected(byte[] input, int limit) {
        List<String> found = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= input.length; i++) {
            boolean ended = i < input.length && input[i] == '\n';
            int length = i - start - (i > start && input[i - 1] == '\r' ? 1 : 0);
            if ((ended || i == input.length) && length > limit) {
                byte[] kept = Arrays.copyOfRange(input, start, Math.min(i, start + limit + 1));
                String text = new String(kept, UTF_8);
                found.add(TOO_LONG + text.substring(leadingWhite(text)));
                return found;
            }
            if (ended) {
                String line = new String(input, start, i - start, UTF_8);
                line = line.substring(leadingWhite(line)).replaceAll("[ \t\r]+$", "");
                if (!line.isEmpty()) {
                    found.add(line);
                }
                start = i + 1;
            }
        }
        return found;
    }

    private static int leadingWhite(String text) {
        int white = 0;
        while (white < text.length() && " \t\r".indexOf(text.charAt(white)) >= 0) {
            white++;
        }
        return white;
    }

    private static List<String> frame(byte[] input, int limit, int... cuts) {
        LineFramer framer = new LineFramer(limit);
        List<String> found = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            drain(framer, Arrays.copyOfRange(input, from, cut), found);
            from = cut;
        }
        drain(framer, Arrays.copyOfRange(input, from, input.length), found);
        return found;
    }

    private static void drain(LineFramer framer, byte[] chunk, List<String> found) {
        framer.offer(chunk, 0);
        while (true) {
            switch (framer.next()) {
                case NEEDS_INPUT -> {
                    assertThat(framer.hasInput()).isFalse();
                    return;
                }
                case LINE -> found.add(text(framer));
                case TOO_LONG -> {
                    if (found.stream().noneMatch(line -> line.startsWith(TOO_LONG))) {
                        found.add(TOO_LONG + text(framer));
                    }
                    return;
                }
            }
        }
    }

    private static String text(LineFramer framer) {
        return new String(framer.bytes(), framer.from(), framer.to() - framer.from(), UTF_8);
    }

    @Test
    void findsTheSameLinesWhereverTheInputIsCutInThree() {
        for (String text : CORPUS) {
            byte[] input = text.getBytes(UTF_8);
            List<String> expected = expected(input, LIMIT);
            for (int first = 0; first <= input.length; first++) {
                for (int second = first; second <= input.length; second++) {
                    assertThat(frame(input, LIMIT, first, second))
                            .as("%s cut at %d and %d", text, first, second)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void findsTheSameLinesByteByByte() {
        for (String text : CORPUS) {
            byte[] input = text.getBytes(UTF_8);
            int[] everywhere = new int[input.length];
            Arrays.setAll(everywhere, i -> i);
            assertThat(frame(input, LIMIT, everywhere)).as(text).isEqualTo(expected(input, LIMIT));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsTheSameLinesInRandomInputCutAtRandom(long seed) {
        Random random = new Random(seed);
        byte[][] pieces = {
            {'\n'}, {'\r', '\n'}, {' '}, {'\t'}, {'\r'}, "é".getBytes(UTF_8), "😀".getBytes(UTF_8), {'x'}, {'y', 'z'}
        };
        for (int round = 0; round < 3_000; round++) {
            ByteArrayOutputStream input = new ByteArrayOutputStream();
            for (int i = random.nextInt(40); i > 0; i--) {
                input.writeBytes(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = input.toByteArray();
            int limit = 1 + random.nextInt(20);
            int[] cuts =
                    random.ints(random.nextInt(8), 0, bytes.length + 1).sorted().toArray();
            assertThat(frame(bytes, limit, cuts))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected(bytes, limit));
        }
    }

    @Test
    void takesALineOfExactlyTheLimitWithEitherTerminator() {
        String longest = "x".repeat(64 << 10);
        assertThat(frame((longest + "\n").getBytes(UTF_8), 64 << 10)).containsExactly(longest);
        assertThat(frame((longest + "\r\n").getBytes(UTF_8), 64 << 10)).containsExactly(longest);
        assertThat(frame((longest + "x\n").getBytes(UTF_8), 64 << 10)).containsExactly(TOO_LONG + longest + "x");
    }

    @Test
    void saysThatALineIsTooLongBeforeItsEnd() {
        assertThat(frame("1234567890123".getBytes(UTF_8), LIMIT)).containsExactly(TOO_LONG + "1234567890123");
        assertThat(frame("123456789012\r".getBytes(UTF_8), LIMIT)).isEmpty();
    }

    @Test
    void neverGoesOnAfterALineThatIsTooLong() {
        LineFramer framer = new LineFramer(4);
        framer.offer("12345\nping\n".getBytes(UTF_8), 1);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.TOO_LONG);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.TOO_LONG);
        assertThat(framer.hasInput()).isFalse();
        framer.offer("ping\n".getBytes(UTF_8), 2);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.TOO_LONG);
    }

    @Test
    void keepsNoMoreThanTheLimitOfALineThatIsTooLong() {
        LineFramer framer = new LineFramer(100);
        framer.offer("ab".getBytes(UTF_8), 1);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.NEEDS_INPUT);
        framer.offer(new byte[1 << 20], 2);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.TOO_LONG);
        assertThat(framer.bytes()).hasSizeLessThanOrEqualTo(101);
    }

    @Test
    void knowsInWhichChunkALineBegan() {
        LineFramer framer = new LineFramer(100);
        framer.offer("one\n \r\n  ".getBytes(UTF_8), 1);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.LINE);
        assertThat(framer.startedAt()).isEqualTo(1);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.NEEDS_INPUT);
        framer.offer("t".getBytes(UTF_8), 2);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.NEEDS_INPUT);
        framer.offer("wo\nthree\n".getBytes(UTF_8), 3);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.LINE);
        assertThat(framer.startedAt()).isEqualTo(2);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.LINE);
        assertThat(framer.startedAt()).isEqualTo(3);
    }

    @Test
    void knowsInWhichChunkALineBeganThatIsTooLong() {
        LineFramer framer = new LineFramer(4);
        framer.offer("one\n".getBytes(UTF_8), 1);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.LINE);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.NEEDS_INPUT);
        framer.offer("12".getBytes(UTF_8), 2);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.NEEDS_INPUT);
        framer.offer("345".getBytes(UTF_8), 3);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.TOO_LONG);
        assertThat(framer.startedAt()).isEqualTo(2);
    }

    @Test
    void isInsideALineOnlyAfterItsFirstVisibleByte() {
        LineFramer framer = new LineFramer(100);
        framer.offer(" \t\r".getBytes(UTF_8), 1);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.NEEDS_INPUT);
        assertThat(framer.midLine()).isFalse();
        framer.offer("p".getBytes(UTF_8), 2);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.NEEDS_INPUT);
        assertThat(framer.midLine()).isTrue();
        framer.offer("ing\n".getBytes(UTF_8), 3);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.LINE);
        assertThat(framer.midLine()).isFalse();
    }

    @Test
    void stopsBetweenLinesForAsLongAsTheCallerLikes() {
        LineFramer framer = new LineFramer(100);
        framer.offer("one\ntwo\n".getBytes(UTF_8), 1);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.LINE);
        assertThat(framer.hasInput()).isTrue();
        assertThatThrownBy(() -> framer.offer(new byte[] {'x'}, 2)).isInstanceOf(IllegalStateException.class);
        assertThat(framer.next()).isEqualTo(LineFramer.Step.LINE);
        assertThat(text(framer)).isEqualTo("two");
    }

    @Test
    void refusesALimitBelowOne() {
        assertThatThrownBy(() -> new LineFramer(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
