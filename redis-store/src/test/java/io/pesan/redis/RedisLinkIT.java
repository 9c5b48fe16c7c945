package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.redis.testing.RedisForTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisLinkIT {

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @Test
    void keepsItsDataOverAStop() {
        REDIS.call("SET", "a", "1");
        REDIS.stop();
        REDIS.startAgain();
        assertThat(REDIS.call("GET", "a")).isEqualTo("1");
    }
}
