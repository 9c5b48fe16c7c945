package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "redis://localhost:6380",
                "redis://localhost/",
                "redis://localhost:6379/15",
                "redis://:secret@10.0.0.1",
                "redis://user:secret@[::1]:6379",
                "rediss://redis.example.org",
            })
    void takesWhatNamesOneServer(String url) {
        assertThatCode(() -> new RedisConfig(url, null, null)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://localhost",
                "redis://",
                "redis:///0",
                "redis://localhost/zero",
                "redis://localhost/0/1",
                "redis://user:sec ret@localhost",
            })
    void namesTheKeyWhenItTakesAUrlNot(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisConfig(url, null, null))
                .withMessageContaining("redis.url");
    }

    @Test
    void showsNoSecretWhenAUrlIsMalformed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisConfig("redis://user:s e c r e t@localhost", null, null))
                .withMessageNotContaining("s e c")
                .withNoCause();
    }

    @Test
    void showsTheServerAndNoSecret() {
        RedisConfig config = new RedisConfig("rediss://user:hush@redis.example.org:7000/3", "hush", "ca.pem");
        assertThat(config).hasToString("RedisConfig[rediss://redis.example.org:7000]");
        assertThat(config.server()).isEqualTo("redis.example.org:7000");
        assertThat(new RedisConfig("redis://localhost", null, null).server()).isEqualTo("localhost:6379");
    }

    @Test
    void tellsUserAndPasswordOfTheUrl() {
        RedisConfig config = new RedisConfig("redis://us%20er:p%3A+%C3%A9:w@[::1]:7000/3", null, null);
        assertThat(config.user()).isEqualTo("us er");
        assertThat(config.secret()).isEqualTo("p:+\u00e9:w");
        assertThat(config.address()).isEqualTo("redis://[::1]:7000/3");
    }

    @Test
    void prefersThePasswordGivenApart() {
        assertThat(new RedisConfig("redis://user:url@localhost", "apart", null).secret())
                .isEqualTo("apart");
        assertThat(new RedisConfig("redis://user@localhost", "apart", null).user())
                .isEqualTo("user");
    }

    @Test
    void logsNobodyInWithoutUserAndPassword() {
        RedisConfig config = new RedisConfig("redis://localhost", null, null);
        assertThat(config.user()).isNull();
        assertThat(config.secret()).isNull();
        assertThat(new RedisConfig("redis://:secret@localhost", null, null).user())
                .isNull();
        assertThat(new RedisConfig("redis://:secret@localhost", null, null).secret())
                .isEqualTo("secret");
    }
}
