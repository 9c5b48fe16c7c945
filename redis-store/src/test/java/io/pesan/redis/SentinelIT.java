package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.EventLoop;
import io.pesan.redis.testing.RedisForTests;
import io.pesan.redis.testing.RedisWithSentinels;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SentinelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CHECK_PATIENCE = Duration.ofSeconds(5);
    private static final String KEY = "pesan:{user}:key";
    private static final RedisScript GREET = RedisScript.load(RedisLinkIT.class, "greet");

    private static final RedisWithSentinels REDIS = RedisWithSentinels.start(2);
    private static final EventLoop LOOP = new EventLoop();

    @AfterAll
    static void end() {
        LOOP.close();
        REDIS.close();
    }

    @Test
    void followsThePrimaryAndNeverSpeaksToAReplica() {
        RedisForTests first = REDIS.primary();
        RedisLink link = LOOP.connect(REDIS.config(0), List.of(GREET));
        RedisLink replicated = LOOP.run(() -> Future.succeededFuture(
                RedisLink.openReplicated(LOOP.vertx(), REDIS.config(1), List.of(), () -> RedisMetrics.NONE)));
        await().atMost(PATIENCE).until(replicated::isConnected);
        assertThat(set(replicated, "1").isKept()).isTrue();

        first.freeze();
        RedisForTests second = REDIS.awaitSuccessorOf(first);
        await("the link has found the new primary")
                .atMost(PATIENCE)
                .until(() -> set(link, "2").isAnswered());
        assertThat(second.call("GET", KEY)).isEqualTo("2");
        assertThat(link.isUp()).isTrue();
        await("the other replica follows it")
                .atMost(PATIENCE)
                .until(() -> set(replicated, "3").isKept());

        first.thaw();
        REDIS.awaitReplica(first);
        assertThat(first.call("GET", KEY)).isEqualTo("3");
        assertThat(LOOP.run(() -> link.send(GREET.call(List.of(KEY), "messi")))).isNotNull();
        assertThat(LOOP.run(() -> RedisServerCheck.check(LOOP.vertx(), REDIS.config(1), CHECK_PATIENCE)))
                .startsWith("7.");
        LOOP.run(() -> Future.join(link.close(), replicated.close()));
    }

    @Test
    void aStartNamesASentinelThatDoesNotKnowThePrimary() {
        RedisConfig.Topology unknown = new RedisConfig.Topology(RedisConfig.Mode.SENTINEL, "nobody", null);
        RedisConfig config = new RedisConfig(REDIS.url(), null, null, unknown, 0);
        assertThatThrownBy(() -> LOOP.run(() -> RedisServerCheck.check(LOOP.vertx(), config, CHECK_PATIENCE)))
                .rootCause()
                .hasMessageContaining("knows no primary of the name nobody (redis.sentinel-master)");
    }

    private static Outcome set(RedisLink link, String value) {
        return LOOP.run(() -> link.each(List.of(Request.cmd(Command.SET, KEY, value))))
                .get(0);
    }
}
