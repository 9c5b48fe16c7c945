package io.pesan.contract.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLineTest {

    private static RequestLine parse(byte[] bytes) {
        return RequestLine.parse(bytes, 0, bytes.length);
    }

    private static RequestLine parse(String line) {
        return parse(line.getBytes(UTF_8));
    }

    /** Bytes written as the characters of the same numbers. */
    private static RequestLine parseBytes(String bytes) {
        return parse(bytes.getBytes(ISO_8859_1));
    }

    @Test
    void readsTheCommandAndItsArguments() {
        RequestLine line = parse("auth messi  surabaya");
        assertThat(line.fault()).isNull();
        assertThat(line.tag()).isNull();
        assertThat(line.command()).isEqualTo("auth");
        assertThat(line.hasNext()).isTrue();
        assertThat(line.peek()).isEqualTo("messi");
        assertThat(line.next()).isEqualTo("messi");
        assertThat(line.next()).isEqualTo("surabaya");
        assertThat(line.hasNext()).isFalse();
        assertThat(line.next()).isEmpty();
        assertThat(line.peek()).isEmpty();
        assertThat(line.rest()).isEmpty();
    }

    @Test
    void keepsTheInnerSpacesOfTheRest() {
        RequestLine line = parse("send henderson  hola  que\ttal");
        assertThat(line.next()).isEqualTo("henderson");
        assertThat(line.rest()).isEqualTo("hola  que\ttal");
        assertThat(line.hasNext()).isFalse();
    }

    @Test
    void dropsTabsBeforeTheRest() {
        RequestLine line = parse("send henderson \t hola");
        assertThat(line.next()).isEqualTo("henderson");
        assertThat(line.rest()).isEqualTo("hola");
    }

    @Test
    void separatesWordsAtSpacesAlone() {
        RequestLine line = parse("send hender\tson hola");
        assertThat(line.next()).isEqualTo("hender\tson");
        assertThat(parse("ping\tpong").command()).isEqualTo("ping\tpong");
        assertThat(parse("ping\u00a0pong").command()).isEqualTo("ping\u00a0pong");
    }

    @Test
    void readsOnlyTheBytesGiven() {
        byte[] bytes = "xxping yyzz".getBytes(UTF_8);
        RequestLine line = RequestLine.parse(bytes, 2, 9);
        assertThat(line.command()).isEqualTo("ping");
        assertThat(line.rest()).isEqualTo("yy");
    }

    @Test
    void takesTheTagOff() {
        RequestLine line = parse("@aZ09._:-  send henderson hola");
        assertThat(line.tag()).isEqualTo("aZ09._:-");
        assertThat(line.command()).isEqualTo("send");
        assertThat(parse("@" + "x".repeat(64) + " ping").tag()).hasSize(64);
        assertThat(parse("send @x hola").tag()).isNull();
    }

    @Test
    void hasNoCommandWhereThereIsNothingButATag() {
        RequestLine line = parse("@tag");
        assertThat(line.fault()).isNull();
        assertThat(line.tag()).isEqualTo("tag");
        assertThat(line.command()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"@ ping", "@", "@a@b ping", "@a/b ping", "@é ping", "@\t ping", "@@a ping"})
    void faultsWhatBeginsLikeATagAndIsNone(String text) {
        RequestLine line = parse(text);
        assertThat(line.fault()).isEqualTo(ErrorCode.ARGUMENTS_WRONG);
        assertThat(line.tag()).isNull();
        assertThat(line.command()).isEmpty();
    }

    @Test
    void faultsATagThatIsTooLong() {
        assertThat(parse("@" + "x".repeat(65) + " ping").fault()).isEqualTo(ErrorCode.ARGUMENTS_WRONG);
    }

    @Test
    void tellsTagsApart() {
        assertThat(RequestLine.isTag("a")).isTrue();
        assertThat(RequestLine.isTag("x".repeat(64))).isTrue();
        assertThat(RequestLine.isTag("")).isFalse();
        assertThat(RequestLine.isTag("x".repeat(65))).isFalse();
        assertThat(RequestLine.isTag("a b")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h\u00f3la",
                "\u65e5\u672c\u8a9e",
                "\ud83d\ude00",
                "\ud800\udc00",
                "\udbff\udfff",
                "\u007f",
                "\u00a0",
                "\u0800",
                "\ud7ff",
                "\ue000",
                "\uffff",
                "\ufeff",
                "a\tb"
            })
    void readsEveryCharacterButControls(String text) {
        RequestLine line = parse("send x " + text);
        assertThat(line.fault()).isNull();
        assertThat(line.next()).isEqualTo("x");
        assertThat(line.rest()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00c0\u0080",
                "\u00c0\u00af",
                "\u00c1\u00bf",
                "\u00e0\u0080\u0080",
                "\u00e0\u009f\u00bf",
                "\u00f0\u0080\u0080\u0080",
                "\u00f0\u008f\u00bf\u00bf",
                "\u00ed\u00a0\u0080",
                "\u00ed\u00bf\u00bf",
                "\u00ed\u00a0\u00bd\u00ed\u00b8\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00f8\u0088\u0080\u0080\u0080",
                "\u0080",
                "\u00bf",
                "\u00fe",
                "\u00ff",
                "\u00c3",
                "\u00e2\u0082",
                "\u00f0\u009f\u0098",
                "\u00c3(",
                "\u00e9"
            })
    void faultsWhatIsNotStrictUtf8(String bytes) {
        assertThat(parseBytes("send x " + bytes).fault()).isEqualTo(ErrorCode.BAD_ENCODING);
        assertThat(parseBytes("send x " + bytes + " y").fault()).isEqualTo(ErrorCode.BAD_ENCODING);
    }

    @Test
    void faultsEveryControlCharacterButTab() {
        for (char c = 0; c < 0x20; c++) {
            if (c != '\t') {
                assertThat(parse("send x a" + c + "b").fault())
                        .as("U+%04x", (int) c)
                        .isEqualTo(ErrorCode.BAD_ENCODING);
                assertThat(parse("send x é" + c + "b").fault())
                        .as("U+%04x", (int) c)
                        .isEqualTo(ErrorCode.BAD_ENCODING);
            }
        }
        for (char c = 0x80; c < 0xa0; c++) {
            assertThat(parse("send x a" + c).fault()).as("U+%04x", (int) c).isEqualTo(ErrorCode.BAD_ENCODING);
        }
    }

    @Test
    void salvagesTheTagOfALineThatCannotBeRead() {
        RequestLine control = parseBytes("@t1 send x a\u0001b");
        assertThat(control.tag()).isEqualTo("t1");
        assertThat(control.command()).isEmpty();
        assertThat(parseBytes("@t2 send x \u00ff").tag()).isEqualTo("t2");
        assertThat(parseBytes("@t3 send x \u00c2\u0085").tag()).isEqualTo("t3");
        assertThat(parseBytes("@" + "x".repeat(64) + " \u00ff").tag()).hasSize(64);
        assertThat(parseBytes("@" + "x".repeat(65) + " \u00ff").tag()).isNull();
        assertThat(parseBytes("@t\u00ff send").tag()).isNull();
        assertThat(parseBytes("@t\u0001 send").tag()).isNull();
        assertThat(parseBytes("send @t \u00ff").tag()).isNull();
        assertThat(parseBytes("@t\u00ff send").fault()).isEqualTo(ErrorCode.BAD_ENCODING);
    }

    @Test
    void salvagesTheTagOfALineThatIsTooLong() {
        byte[] bytes = "@t1 send x aaaaaaaaa".getBytes(UTF_8);
        RequestLine line = RequestLine.tooLong(bytes, 0, bytes.length);
        assertThat(line.fault()).isEqualTo(ErrorCode.LINE_TOO_LONG);
        assertThat(line.tag()).isEqualTo("t1");
        assertThat(line.command()).isEmpty();
        assertThat(RequestLine.tooLong(bytes, 0, 4).tag()).isEqualTo("t1");
    }

    @Test
    void takesNoPartOfATagForTheTag() {
        byte[] bytes = "@t1x".getBytes(UTF_8);
        assertThat(RequestLine.tooLong(bytes, 0, 3).tag()).isNull();
        assertThat(RequestLine.tooLong(bytes, 0, 0).tag()).isNull();
    }

    @Test
    void showsNothingOfTheLine() {
        assertThat(parse("auth messi surabaya").toString()).isEqualTo("RequestLine[19 characters]");
    }
}
