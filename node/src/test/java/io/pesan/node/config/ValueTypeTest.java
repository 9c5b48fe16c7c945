package io.pesan.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypeTest {

    @ParameterizedTest
    @CsvSource({"500ms, 500", "10s, 10000", "5m, 300000", "24h, 86400000", "30d, 2592000000", "0, 0", "0s, 0"})
    void readsDurations(String text, long millis) {
        assertThat(ValueType.duration().read(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5h", "10 s", "10S", "1w", "3651d", "99999999999s"})
    void refusesOtherDurations(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueType.duration().read(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 100", "100B, 100", "64KiB, 65536", "4MiB, 4194304", "1GiB, 1073741824"})
    void readsSizes(String text, long bytes) {
        assertThat(ValueType.size(0, Long.MAX_VALUE).read(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64KB", "64k", "-1", "1.5MiB", "1 MiB", "999999999999999GiB"})
    void refusesOtherSizes(String text) {
        assertThat(catchThrowable(() -> ValueType.size(0, Long.MAX_VALUE).read(text)))
                .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "1.0", "0x10", "11", "-1", "99999999999"})
    void refusesOtherNumbers(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueType.integer(0, 10).read(text));
    }

    @Test
    void readsListsAsTheyAreWrittenOnACommandLine() {
        assertThat(ValueType.list().read("a,b ,  c")).containsExactly("a", "b", "c");
        assertThat(ValueType.list().read("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gateway,gateway", "gateway,relay"})
    void refusesOtherChoices(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueType.choices("gateway", "inbox").read(text));
    }
}
