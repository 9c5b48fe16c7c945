package io.pesan.contract.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTextTest {

    @ParameterizedTest
    @CsvSource({
        "0000", "0007", "0009", "000A", "000D", "001B", "007F", "0085", "009B", "009F", "061C", "200E", "200F", "2028",
        "2029", "202A", "202E", "2066", "2069", "D800", "DFFF"
    })
    void showsWhatATerminalWouldObeyAsACodePoint(String hex) {
        int codePoint = Integer.parseInt(hex, 16);
        assertThat(SafeText.of("a" + (char) codePoint + "b")).isEqualTo("a<U+" + hex + ">b");
    }

    @Test
    void leavesEverythingElseAsItIs() {
        String text = "hóla 😀 👨‍👩‍👧 مرحبا שלום 你好 <U+001B> \u00a0";
        assertThat(SafeText.of(text)).isSameAs(text);
    }
}
