package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pesan.redis.testing.EventLoop;
import io.pesan.redis.testing.RedisForTests;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator is told of a server that will not do. */
class RedisServerCheckIT {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private static final EventLoop LOOP = new EventLoop();

    @AfterAll
    static void closeLoop() {
        LOOP.close();
    }

    @Test
    void tellsTheVersion() {
        assertThat(check("")).startsWith("7.");
    }

    @Test
    void refusesAReplica() {
        REDIS.call("REPLICAOF", "127.0.0.1", "1");
        try {
            assertRefused("", "is a replica, which takes no writes: name its primary");
        } finally {
            REDIS.call("REPLICAOF", "NO", "ONE");
        }
    }

    @Test
    void refusesAnAccessThatMayLoadNoScripts() {
        REDIS.call("ACL", "SETUSER", "reader", "reset", "on", ">right", "~*", "+@all", "-script");
        assertRefused("reader:right@", "NOPERM this user has no permissions to run the 'script");
    }

    @Test
    void refusesAServerThatHangs() {
        REDIS.freeze();
        try {
            assertRefused("", "does not answer within 3 s");
        } finally {
            REDIS.thaw();
        }
    }

    private static void assertRefused(String userInfo, String reason) {
        assertThatThrownBy(() -> check(userInfo))
                .cause()
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageStartingWith("redis.url: " + REDIS.config().server() + ": " + reason);
    }

    private static String check(String userInfo) {
        RedisConfig config =
                new RedisConfig("redis://" + userInfo + REDIS.config().server(), null, null);
        return LOOP.run(() -> RedisServerCheck.check(LOOP.vertx(), config, PATIENCE));
    }
}
