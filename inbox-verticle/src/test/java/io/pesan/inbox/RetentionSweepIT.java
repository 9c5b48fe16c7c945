package io.pesan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RetentionSweepIT {

    private static final Duration RETENTION = Duration.ofHours(1);
    private static final int USERS = 2_500;

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private Vertx vertx;

    @BeforeEach
    void open() {
        REDIS.clear();
        vertx = Vertx.vertx();
        Routes.registerCodecs(vertx.eventBus());
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void removesWhatWaitedForTooLongFromEveryInboxAndKeepsTheRest() {
        long now = System.currentTimeMillis();
        for (int i = 0; i < USERS; i++) {
            String user = "user-" + i;
            REDIS.call("ZADD", RedisKeys.ACCOUNT_INDEX, "0", user);
            // More than the pages of one claim; every hundredth has something to lose.
            if (i % 100 == 0) {
                store(user, now - RETENTION.toMillis() - 5_000, "expired");
                store(user, now - RETENTION.toMillis() + 600_000, "not yet");
            }
        }
        deploy();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            for (int i = 0; i < USERS; i += 100) {
                assertThat(Inboxes.texts(REDIS, new Username("user-" + i))).containsExactly("not yet");
            }
        });
    }

    @Test
    void aDrainedInboxKeepsItsIdsAndNothingElse() {
        REDIS.call("ZADD", RedisKeys.ACCOUNT_INDEX, "0", "messi");
        store("messi", System.currentTimeMillis() - RETENTION.toMillis() - 5_000, "expired");
        deploy();
        Username messi = new Username("messi");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Inboxes.ids(REDIS, messi).isEmpty());
        assertThat(REDIS.call("KEYS", "pesan:{messi}:*")).isEqualTo(List.of(RedisKeys.inbox(messi)));
    }

    private void deploy() {
        InboxConfig config = new InboxConfig(0, 0, Inboxes.MAX_TEXT, RETENTION, Duration.ofHours(24));
        Await.result(vertx.deployVerticle(new InboxVerticle(config, REDIS.config())));
        Await.result(vertx.deployVerticle(new InboxVerticle(config, REDIS.config())));
    }

    private static void store(String user, long millis, String text) {
        REDIS.call("XADD", RedisKeys.inbox(new Username(user)), millis + "-0", "m", "lane.1.0\nmessi\nMessi\n" + text);
    }
}
