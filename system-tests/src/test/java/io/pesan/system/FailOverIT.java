package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.RedisClusterForTests;
import io.pesan.redis.testing.RedisForTests;
import io.pesan.redis.testing.RedisWithSentinels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Two nodes over several Redis servers, with the settings that the guarantees ask for: one of the servers is lost under load,
 * and nothing that was acknowledged. Most of it is waiting for the servers to agree.
 */
class FailOverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** At least 250 ms apart: they last longer than everything here takes. */
    private static final int SESSIONS = 800;

    private static final int USERS = 6;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aFrozenPrimaryIsReplacedByItsSentinels() {
        try (RedisWithSentinels redis = RedisWithSentinels.start(2);
                ClusterUnderTest cluster = ClusterUnderTest.start(
                        folder,
                        2,
                        "redis.url=" + redis.url(),
                        "redis.mode=sentinel",
                        "redis.sentinel-master=" + RedisWithSentinels.NAME,
                        "redis.durability=replicated")) {
            RedisForTests first = redis.primary();
            checkThatNothingIsLost(
                    cluster,
                    () -> {
                        first.freeze();
                        return redis.awaitSuccessorOf(first);
                    },
                    () -> {
                        first.thaw();
                        redis.awaitReplica(first);
                    });
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aKilledPrimaryOfARedisClusterIsReplacedByItsReplica() {
        try (RedisClusterForTests redis = RedisClusterForTests.start();
                ClusterUnderTest cluster = ClusterUnderTest.start(
                        folder, 2, "redis.url=" + redis.url(), "redis.mode=cluster", "redis.durability=replicated")) {
            // Of the user that logs out; some of the others' inboxes and sessions are there, too.
            String key = "{messi}";
            RedisForTests first = redis.primaryOf(key);
            checkThatNothingIsLost(
                    cluster,
                    () -> {
                        first.kill();
                        RedisForTests second = redis.awaitSuccessor(key, first);
                        // Alone it keeps nothing.
                        first.startAgain();
                        return second;
                    },
                    () -> {});
        }
    }

    private static void checkThatNothingIsLost(
            ClusterUnderTest cluster, Supplier<RedisForTests> failOver, Runnable returnOfTheFormer) {
        FaultScenario scenario = new FaultScenario(cluster);
        IntSupplier anyNode = () -> cluster.node(ThreadLocalRandom.current().nextBoolean() ? "n1" : "n2")
                .port();
        Traffic.addUsers(cluster.node("n1"), "user", USERS);
        try (Traffic traffic = new Traffic("user", USERS, Integer.MAX_VALUE, true, anyNode).start();
                LogOuts logOuts = new LogOuts(anyNode, "messi", "surabaya", SESSIONS).start()) {
            scenario.awaitFlow(traffic);
            await("some have logged out").atMost(PATIENCE).until(() -> logOuts.count() > 10);
            scenario.causeAndAwaitClean(
                    traffic,
                    "the loss of a primary",
                    () -> assertThat(failOver.get()).isNotNull());
            scenario.causeAndAwaitClean(traffic, "the return of the former primary", returnOfTheFormer);
            int before = logOuts.count();
            await("log-outs go on").atMost(PATIENCE).until(() -> logOuts.count() > before + 5);
            traffic.stop();
            logOuts.stop();
            traffic.checkBooks();
            logOuts.checkThatNoneCameBack();
        }
    }
}
