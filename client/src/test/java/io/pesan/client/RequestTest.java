package io.pesan.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {

    @Test
    void writesOneLine() {
        Request request = Request.tagged("a.1", "send").word("lineker").text("¿qué  tal?\t😀");
        assertThat(new String(request.bytes(), StandardCharsets.UTF_8)).isEqualTo("@a.1 send lineker ¿qué  tal?\t😀\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "two\nlines", "two\rlines", "\u001b[2J", "\u0000", "\u007f", "\u009b", "\ud83d"})
    void refusesATextThatWouldNotArriveAsItIs(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Request.of("send").word("lineker").text(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nbreak", "bell\u0007"})
    void refusesWhatIsNoPassword(String password) {
        assertThatIllegalArgumentException().isThrownBy(() -> Request.of("auth").password(password));
    }

    @Test
    void refusesATagWithASpace() {
        assertThatIllegalArgumentException().isThrownBy(() -> Request.tagged("a b", "send"));
    }

    @Test
    void refusesALineThatIsTooLongInBytes() {
        Request fits = Request.of("send").word("x".repeat(Request.MAX_LINE_BYTES - "send ".length()));
        assertThat(fits.bytes()).hasSize(Request.MAX_LINE_BYTES + 1);
        Request longer = Request.of("send").word("é".repeat(Request.MAX_LINE_BYTES / 2));
        assertThatIllegalArgumentException().isThrownBy(() -> longer.bytes());
    }
}
