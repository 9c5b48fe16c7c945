package io.pesan.contract.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "messi", "A.b_c-9", "---", "12345678901234567890123456789012"})
    void canBeAUsersName(String name) {
        assertThat(Username.isValid(name)).isTrue();
        assertThat(new Username(name).toString()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "123456789012345678901234567890123", "a b", "mess\u00ed", "a:b", "@a", "a\n", "{a}", "a/b"})
    void canNotBeAUsersName(String name) {
        assertThat(Username.isValid(name)).isFalse();
        assertThatThrownBy(() -> new Username(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverHasATokensShape() {
        assertThat(Username.isValid(Token.random().value())).isFalse();
    }
}
