package io.pesan.contract.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    private static final String ASTRAL = "\ud83d\ude00";

    @Test
    void passwordsAreOneTo128CharactersWithoutWhiteSpace() {
        assertThat(Credentials.isPassword("s")).isTrue();
        assertThat(Credentials.isPassword("contrase\u00f1a")).isTrue();
        assertThat(Credentials.isPassword("x".repeat(128))).isTrue();
        assertThat(Credentials.isPassword(ASTRAL.repeat(128))).isTrue();
        assertThat(Credentials.isPassword("")).isFalse();
        assertThat(Credentials.isPassword("x".repeat(129))).isFalse();
        assertThat(Credentials.isPassword(ASTRAL.repeat(129))).isFalse();
        assertThat(Credentials.isPassword("a b")).isFalse();
        assertThat(Credentials.isPassword("a\tb")).isFalse();
        assertThat(Credentials.isPassword("a\r")).isFalse();
        assertThat(Credentials.isPassword("a\n")).isFalse();
    }

    /** A line with one of them is refused as a whole, so nobody could log in. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u0001", "\u000b", "\u001b", "\u007f", "\u0085", "\u009f", "\ud83d", "\ude00"})
    void passwordsHaveNothingThatNoClientCouldSend(String character) {
        assertThat(Credentials.isPassword("sura" + character + "baya")).isFalse();
    }

    @Test
    void fullNamesAreOneTo64CharactersTrimmed() {
        assertThat(Credentials.isFullName("Lionel Messi")).isTrue();
        assertThat(Credentials.isFullName(ASTRAL.repeat(64))).isTrue();
        assertThat(Credentials.isFullName("")).isFalse();
        assertThat(Credentials.isFullName(ASTRAL.repeat(65))).isFalse();
        assertThat(Credentials.isFullName(" Messi")).isFalse();
        assertThat(Credentials.isFullName("Messi ")).isFalse();
        assertThat(Credentials.isFullName("Lionel\tMessi")).isFalse();
        assertThat(Credentials.isFullName("Lionel\u0085Messi")).isFalse();
    }
}
