package io.pesan.redis.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedisForTestsIT {

    private static final int SERVERS = 40;
    private static final int AT_ONCE = 4;

    @Test
    void serversStartBesideEachOther() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(AT_ONCE);
        try {
            pool.submit(() -> IntStream.range(0, SERVERS).parallel().forEach(number -> startAndAsk()))
                    .get();
        } finally {
            pool.shutdown();
        }
    }

    private static void startAndAsk() {
        try (RedisForTests redis = RedisForTests.start()) {
            assertThat(redis.call("PING")).isEqualTo("PONG");
        }
    }
}
