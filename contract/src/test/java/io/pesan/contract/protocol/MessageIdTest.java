package io.pesan.contract.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"0-0", "1700000000000-0", "1700000000000-17", "9223372036854775807-9223372036854775807"})
    void readsWhatItWrites(String text) {
        assertThat(MessageId.parse(text).orElseThrow().toString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1-",
                "-1",
                "1-2-3",
                "a-1",
                "1-a",
                "+1-1",
                "1- 1",
                "9223372036854775808-0",
                "--1",
                "\u0661-1"
            })
    void readsNothingElse(String text) {
        assertThat(MessageId.parse(text)).isEmpty();
    }

    @Test
    void comparesAsTwoNumbers() {
        List<String> sorted = Stream.of("10-1", "9-11", "10-0", "9-2")
                .map(text -> MessageId.parse(text).orElseThrow())
                .sorted()
                .map(MessageId::toString)
                .toList();
        assertThat(sorted).containsExactly("9-2", "9-11", "10-0", "10-1");
    }

    @Test
    void hasNoNegativeParts() {
        assertThatThrownBy(() -> new MessageId(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MessageId(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
