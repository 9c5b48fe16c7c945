package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.SessionLookup.Found;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.EventLoop;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionLookupIT {

    private static final Duration IDLE = Duration.ofMinutes(16);
    private static final long IDLE_MILLIS = IDLE.toMillis();
    private static final long TOUCHED_MILLIS = IDLE_MILLIS + IDLE_MILLIS / 16;

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private static final EventLoop LOOP = new EventLoop();

    private static RedisLink link;
    private static SessionLookup lookup;

    @BeforeAll
    static void open() {
        link = LOOP.connect(REDIS.config(), List.of());
        lookup = new SessionLookup(link);
    }

    @AfterAll
    static void close() {
        LOOP.run(link::close);
        LOOP.close();
    }

    @BeforeEach
    void clear() {
        REDIS.clear();
    }

    @Test
    void findsTheLiveSessionsAmongThoseAskedForAndReadsRedissClock() {
        Session messi = begin("m", "messi", Duration.ZERO);
        Session lineker = begin("l", "lineker", Duration.ZERO);
        begin("h", "henderson", Duration.ZERO);
        Found found = find("m", "nonsense", "l");
        assertThat(found.sessions()).isEqualTo(Map.of("m", messi, "l", lineker));
        assertThat(found.nowMillis()).isCloseTo(redisMillis(), Offset.offset(1_000L));
        assertThat(found.nowMicros() / 1000).isEqualTo(found.nowMillis());
    }

    @Test
    void readsTheClockAloneIfNothingIsAskedFor() {
        assertThat(find().sessions()).isEmpty();
        assertThat(find().nowMillis()).isPositive();
    }

    @Test
    void knowsNoSessionOfAFormatThatItCannotRead() {
        REDIS.call("SET", RedisKeys.session("m"), "99\nsomething else");
        assertThat(find("m").sessions()).isEmpty();
    }

    @Test
    void knowsNoSessionThatHasEnded() {
        begin("m", "messi", Duration.ZERO);
        REDIS.call("PEXPIRE", RedisKeys.session("m"), "30");
        await().atMost(Duration.ofSeconds(2)).until(() -> find("m").sessions().isEmpty());
    }

    @Test
    void pushesTheExpiryOnOfASessionThatWasTouchedLongAgo() {
        store(session("m", redisMillis() - IDLE_MILLIS / 16, Duration.ZERO), 5_000);
        find("m");
        awaitEarlierCommands();
        assertThat(millisToLive("m")).isBetween(TOUCHED_MILLIS - 5_000, TOUCHED_MILLIS);
        assertThat(find("m").sessions().values())
                .allMatch(session -> session.touchedAtMillis() > redisMillis() - 5_000)
                .hasSize(1);
    }

    @Test
    void leavesTheExpiryOfASessionThatWasTouchedAMomentAgo() {
        store(session("m", redisMillis() - IDLE_MILLIS / 32, Duration.ZERO), 5_000);
        find("m");
        awaitEarlierCommands();
        assertThat(millisToLive("m")).isBetween(1L, 5_000L);
    }

    @Test
    void pushesNoExpiryPastTheEndOfTheLifetime() {
        long begun = redisMillis() - IDLE_MILLIS / 8;
        store(session("m", begun, Duration.ofMillis(IDLE_MILLIS / 4)), 5_000);
        find("m");
        awaitEarlierCommands();
        assertThat(millisToLive("m")).isBetween(IDLE_MILLIS / 8 - 5_000, IDLE_MILLIS / 8);
    }

    @Test
    void neverBringsASessionBackThatEndsMeanwhile() {
        long touchedLongAgo = redisMillis() - IDLE_MILLIS / 2;
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String hash = "m" + i;
            hashes.add(hash);
            store(session(hash, touchedLongAgo, Duration.ZERO), 60_000);
        }
        for (String hash : hashes) {
            Future<Found> found = LOOP.start(() -> lookup.find(List.of(hash)));
            REDIS.call("DEL", RedisKeys.session(hash));
            Await.result(found);
        }
        awaitEarlierCommands();
        assertThat(REDIS.call("DBSIZE")).isEqualTo(0L);
    }

    private static Session begin(String hash, String username, Duration lifetime) {
        Session session =
                Session.begin(hash, new Username(username), "User " + username, IDLE, lifetime, redisMillis());
        store(session, session.expiryMillis(redisMillis()));
        return session;
    }

    private static Session session(String hash, long begunMillis, Duration lifetime) {
        return Session.begin(hash, new Username("messi"), "Lionel Messi", IDLE, lifetime, begunMillis);
    }

    private static void store(Session session, long expiryMillis) {
        REDIS.call("SET", RedisKeys.session(session.hash()), session.encode(), "PX", "" + expiryMillis);
    }

    private static Found find(String... hashes) {
        return LOOP.run(() -> lookup.find(List.of(hashes)));
    }

    /** Touches go out behind the look-up's answer, and nobody waits for them. */
    private static void awaitEarlierCommands() {
        LOOP.run(() -> link.send(Request.cmd(Command.PING)));
    }

    private static long millisToLive(String hash) {
        return number(REDIS.call("PTTL", RedisKeys.session(hash)));
    }

    private static long redisMillis() {
        List<?> time = (List<?>) Objects.requireNonNull(REDIS.call("TIME"));
        return number(time.get(0)) * 1000 + number(time.get(1)) / 1000;
    }

    private static long number(@Nullable Object value) {
        return Long.parseLong(String.valueOf(value));
    }
}
