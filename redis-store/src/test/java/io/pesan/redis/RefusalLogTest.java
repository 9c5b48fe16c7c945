package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalLogTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OOM no memory                                              | OOM no memory",
                "ERR [3] OOM no memory                                      | OOM no memory",
                "ERR [0] OOM no memory ERR [1] OOM no memory                | OOM no memory",
                "ERR unknown command 'X', with args beginning with: 'secret' | ERR unknown command 'X'",
                "ERR unknown command `X`, with args beginning with: `secret` | ERR unknown command `X`",
            })
    void tellsTheFirstRefusalAndNoArguments(String said, String told) {
        assertThat(RefusalLog.reason(new IllegalStateException(said))).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({"'one\ntwo\r\nthree', one two three", "'',''"})
    void tellsItInOneLine(String said, String told) {
        assertThat(RefusalLog.reason(new IllegalStateException(said))).isEqualTo(told);
    }
}
