package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.EventLoop;
import io.pesan.redis.testing.LogLines;
import io.pesan.redis.testing.RedisForTests;
import io.pesan.redis.testing.SlowWay;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log tells of a Redis that answers late. */
class SlowRedisIT {

    /** It is well again after twenty quick looks in a row, one a second. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    /** Whoever has nothing to ask finds out by the signs of life. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsThatRedisIsSlowAndThatItIsWellAgain(boolean underLoad) {
        try (SlowWay way = new SlowWay(REDIS.port());
                EventLoop loop = new EventLoop();
                LogLines log = new LogLines(SlowCalls.class)) {
            RedisConfig config = new RedisConfig("redis://127.0.0.1:" + way.port(), null, null);
            RedisLink link = loop.connect(config, List.of());
            if (underLoad) {
                loop.run(() -> {
                    loop.vertx().setPeriodic(10, tick -> link.send(Request.cmd(Command.ECHO, "hola")));
                    return link.connected();
                });
            }
            way.delay(Duration.ofMillis(150));
            await().atMost(PATIENCE).until(() -> !log.all().isEmpty());
            way.delay(Duration.ZERO);
            await().atMost(PATIENCE).until(() -> log.all().size() > 1);

            assertThat(log.messages()).containsExactly("Redis answers slowly", "Redis answers quickly again");
            assertThat(log.all().get(0).keys()).containsEntry("server", "127.0.0.1:" + way.port());
            assertThat(Long.parseLong(log.all().get(0).keys().getOrDefault("slowestMillis", "")))
                    .isGreaterThanOrEqualTo(150L);
        }
    }

    @Test
    void saysNothingOfARedisThatIsQuick() {
        try (EventLoop loop = new EventLoop();
                LogLines log = new LogLines(SlowCalls.class)) {
            RedisLink link = loop.connect(REDIS.config(), List.of());
            for (int i = 0; i < 1_000; i++) {
                loop.run(() -> link.send(Request.cmd(Command.ECHO, "hola")));
            }
            assertThat(log.all()).isEmpty();
        }
    }
}
