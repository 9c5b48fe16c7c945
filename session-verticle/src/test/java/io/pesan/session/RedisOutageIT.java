package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.proto.Refusal;
import io.pesan.redis.testing.RedisForTests;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RedisOutageIT {

    private static final String PASSWORD = "surabaya";

    @Test
    void refusesWhileRedisIsAwayAndServesAgainWhenItIsBack() {
        try (RedisForTests redis = RedisForTests.start();
                SessionNode node = SessionNode.start(SessionNode.CONFIG, redis.config())) {
            node.add("messi", PASSWORD, "");
            String session = node.session("messi", PASSWORD);

            redis.stop();
            assertThatAllIsRefused(node, session);

            redis.startAgain();
            await().atMost(Duration.ofSeconds(2)).until(() -> node.isLive(session));
            assertThat(node.logIn("messi", PASSWORD).hasLoggedIn()).isTrue();
        }
    }

    @Test
    @Timeout(20)
    void refusesWithinTheTimeOfTheRouteWhileRedisHangs() {
        try (RedisForTests redis = RedisForTests.start();
                SessionNode node = SessionNode.start(SessionNode.CONFIG, redis.config())) {
            node.add("messi", PASSWORD, "");
            String session = node.session("messi", PASSWORD);

            redis.freeze();
            assertThatAllIsRefused(node, session);

            redis.thaw();
            await().atMost(Duration.ofSeconds(5)).until(() -> node.isLive(session));
        }
    }

    @Test
    void whatFreesMemoryWorksWhenRedisHasNone() {
        try (RedisForTests redis = RedisForTests.start();
                SessionNode node = SessionNode.start(SessionNode.CONFIG, redis.config())) {
            node.add("messi", PASSWORD, "");
            node.add("pele", PASSWORD, "");
            String session = node.session("messi", PASSWORD);
            redis.call("CONFIG", "SET", "maxmemory", "1mb");

            assertThat(node.add("lineker", PASSWORD, "").getRefused().getReason())
                    .isEqualTo(Refusal.UNAVAILABLE);
            assertThat(node.run(SessionNode.ending(session)).hasSessionEnded()).isTrue();
            assertThat(node.remove("pele").hasRemoved()).isTrue();
        }
    }

    private static void assertThatAllIsRefused(SessionNode node, String session) {
        assertThat(node.run(SessionNode.describing(session)).getRefused().getReason())
                .isEqualTo(Refusal.UNAVAILABLE);
        assertThat(node.logIn("messi", PASSWORD).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(node.add("pele", PASSWORD, "").getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(node.list("", 0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
    }
}
