package io.pesan.contract.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

    private static final String TOKEN = "36fb2d4e-d5d1-476b-82d8-ffa4140e2af3";

    @Test
    void isARandomVersion4UuidInLowerCase() {
        String value = Token.random().value();
        assertThat(Token.hasShape(value)).isTrue();
        assertThat(UUID.fromString(value).version()).isEqualTo(4);
        assertThat(UUID.fromString(value).toString()).isEqualTo(value);
        assertThat(Token.random().value()).isNotEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "henderson",
                "36fb2d4e-d5d1-476b-82d8-ffa4140e2af",
                "36fb2d4e-d5d1-476b-82d8-ffa4140e2af33",
                "36FB2D4E-d5d1-476b-82d8-ffa4140e2af3",
                "36fb2d4e-d5d1-476b-82d8-ffa4140e2afg",
                "36fb2d4ed-5d1-476b-82d8-ffa4140e2af3",
                "36fb2d4e-d5d1-476b-82d80ffa4140e2af3",
                "------------------------------------"
            })
    void tellsWhatHasNotTheShape(String word) {
        assertThat(Token.hasShape(word)).isFalse();
        assertThatThrownBy(() -> new Token(word))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isEqualTo("not of a token's shape");
    }

    /** Sessions in Redis are named by it: it must never change. */
    @Test
    void hashesToTheSameNameForEver() {
        assertThat(new Token(TOKEN).hash()).isEqualTo("YxgS6SAjdYhkr3XeFxvQ6iv47-Uhe7Z86aFLd8Foex4");
    }

    @Test
    void isNotShown() {
        assertThat(new Token(TOKEN).toString()).isEqualTo("Token[secret]");
    }
}
