package io.pesan.contract.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveUsersCursorTest {

    @Test
    void readsWhatItWrote() {
        ActiveUsersCursor cursor = new ActiveUsersCursor(1_790_000_000_123_456L, "messi.10_x-y");

        assertThat(cursor.encode()).isEqualTo("1790000000123456:messi.10_x-y");
        assertThat(ActiveUsersCursor.parse(cursor.encode())).contains(cursor);
    }

    @Test
    void beginsWithNothing() {
        assertThat(ActiveUsersCursor.parse("")).contains(ActiveUsersCursor.START);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"messi", ":messi", "1:", "1:mes si", "-1:messi", "1:messi:2", "1.5:messi", "123456789012345678:a"
            })
    void refusesWhatIsNoCursor(String text) {
        assertThat(ActiveUsersCursor.parse(text)).isEmpty();
    }

    @Test
    void ordersByStartAndThenByName() {
        ActiveUsersCursor cursor = new ActiveUsersCursor(5, "messi");

        assertThat(cursor.isBefore(new ActiveUsersCursor(6, "a"))).isTrue();
        assertThat(cursor.isBefore(new ActiveUsersCursor(5, "messj"))).isTrue();
        assertThat(cursor.isBefore(cursor)).isFalse();
        assertThat(cursor.isBefore(new ActiveUsersCursor(5, "Messi"))).isFalse();
        assertThat(cursor.isBefore(new ActiveUsersCursor(4, "zico"))).isFalse();
    }
}
