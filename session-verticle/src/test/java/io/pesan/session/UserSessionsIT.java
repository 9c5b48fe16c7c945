package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class UserSessionsIT {

    private static final Username MESSI = new Username("messi");
    private static final PasswordHash HASH = PasswordHash.of("surabaya", new PasswordHash.Cost(8, 1, 1));

    private static final Deadline NO_DEADLINE = new Deadline(0, 0);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private final RedisForParts redis = new RedisForParts(REDIS.config());
    private final Accounts accounts = new Accounts(redis.link());
    private final ActiveUserSet active = new ActiveUserSet(redis.link());
    private final UserSessions three = sessions(new SessionLimits(Duration.ofHours(1), Duration.ofHours(2), 3));

    @BeforeEach
    void addAccount() {
        REDIS.clear();
        redis.run(() -> accounts.add(MESSI, "Lionel Messi", HASH, NO_DEADLINE));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void givesASessionItsExpiryAndListsIt() {
        String hash = open(three);

        assertThat(expiry(hash)).isBetween(3_600_000L, 3_600_000L * 17 / 16);
        assertThat(inSet()).isEqualTo(List.of(hash));
        assertThat(REDIS.call("ZSCORE", RedisKeys.ACTIVE_USERS, "messi"))
                .isEqualTo(REDIS.call("ZSCORE", RedisKeys.userSessions(MESSI), hash));
    }

    @Test
    void givesNoExpiryWhereNoneIsConfigured() {
        assertThat(expiry(open(sessions(new SessionLimits(Duration.ZERO, Duration.ZERO, 0)))))
                .isEqualTo(-1);
    }

    @Test
    void opensNothingForAnOutdatedCheck() {
        Account checked = account();
        redis.run(() -> accounts.resetPassword(MESSI, HASH, NO_DEADLINE));

        assertThat(redis.run(() -> three.open(checked))).isEmpty();
        redis.run(() -> accounts.remove(MESSI, 0));
        assertThat(redis.run(() -> three.open(checked))).isEmpty();

        assertThat(REDIS.call("KEYS", "*:session")).isEqualTo(List.of());
        assertThat(REDIS.call("KEYS", "*:sessions")).isEqualTo(List.of());
    }

    @Test
    void hasTheOldestGiveWay() {
        List<String> hashes = List.of(open(three), open(three), open(three), open(three), open(three));

        assertThat(inSet()).isEqualTo(hashes.subList(2, 5));
        assertThat(hashes.stream().map(hash -> REDIS.call("EXISTS", RedisKeys.session(hash))))
                .containsExactly(0L, 0L, 1L, 1L, 1L);
        assertThat(REDIS.call("EXISTS", RedisKeys.endingSessions(MESSI))).isEqualTo(0L);
    }

    @Test
    void hasNoLiveSessionGiveWayForExpiredOnes() {
        String oldest = open(three);
        String expired = open(three);
        open(three);
        REDIS.call("DEL", RedisKeys.session(expired));

        open(three);

        assertThat(REDIS.call("EXISTS", RedisKeys.session(oldest))).isEqualTo(1L);
        assertThat(REDIS.call("ZCARD", RedisKeys.userSessions(MESSI))).isEqualTo(3L);
    }

    @Test
    void startsOnlyGrowAlsoWhenTheClockIsSetBack() {
        REDIS.call("ZADD", RedisKeys.userSessions(MESSI), "1990000000000000", "future");
        REDIS.call("SET", RedisKeys.session("future"), "x");
        String hash = open(three);

        assertThat(REDIS.call("ZSCORE", RedisKeys.userSessions(MESSI), hash)).isEqualTo("1990000000000001");
    }

    @Test
    void dropsExpiredSessionsAndTellsWhenToLookAgain() {
        for (int i = 0; i < 1_200; i++) {
            REDIS.call("ZADD", RedisKeys.userSessions(MESSI), "" + (i + 1), "s" + i);
            if (i % 7 == 3) {
                REDIS.call("SET", RedisKeys.session("s" + i), "x", "PX", "" + (300_000 + i));
            }
        }
        OptionalLong next = redis.run(() -> three.dropExpired(MESSI));

        assertThat(next.orElseThrow()).isBetween(250_000L, 300_100L);
        assertThat(inSet())
                .hasSize(171)
                .allMatch(hash -> Objects.equals(REDIS.call("EXISTS", RedisKeys.session("" + hash)), 1L));
    }

    @Test
    void looksAgainAtSessionsWithoutExpiryToo() {
        REDIS.call("ZADD", RedisKeys.userSessions(MESSI), "1", "eternal");
        REDIS.call("SET", RedisKeys.session("eternal"), "x");

        assertThat(redis.run(() -> three.dropExpired(MESSI))).hasValue(600_000);
        REDIS.call("DEL", RedisKeys.session("eternal"));
        assertThat(redis.run(() -> three.dropExpired(MESSI))).isEmpty();
    }

    @Test
    @Timeout(20)
    void isLookedAtThoughASweepCameBeforeTheSessionWasThere() throws Exception {
        Account account = account();
        try (DistantRedis distant = new DistantRedis(REDIS);
                RedisForParts slow = new RedisForParts(distant.config())) {
            UserSessions sessions =
                    new UserSessions(slow.link(), new ActiveUserSet(slow.link()), slow.listeners(), SessionNode.LIMITS);
            CompletableFuture<Optional<Token>> opening =
                    CompletableFuture.supplyAsync(() -> slow.run(() -> sessions.open(account)));
            while (takeMarkBeforeTheSession() && !opening.isDone()) {
                // Once more.
            }
            assertThat(opening.get(10, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(REDIS.call("ZSCORE", RedisKeys.ACTIVE_DUE, "messi")).isNotNull();
    }

    /** As a sweep would that found nothing; returns false once the session is there. */
    private static boolean takeMarkBeforeTheSession() {
        return Long.valueOf(1)
                .equals(REDIS.call("EVAL", """
                        if redis.call('ZCARD', KEYS[1]) > 0 then return 0 end
                        redis.call('ZREM', KEYS[2], ARGV[1])
                        return 1
                        """, "2", RedisKeys.userSessions(MESSI), RedisKeys.ACTIVE_DUE, "messi"));
    }

    @Test
    void endsAllThatAreDoomed() {
        for (int i = 0; i < 1_200; i++) {
            REDIS.call("SADD", RedisKeys.endingSessions(MESSI), "s" + i);
            REDIS.call("SET", RedisKeys.session("s" + i), "x");
        }
        redis.run(() -> three.endDoomed(MESSI));

        assertThat(REDIS.call("KEYS", "*:session")).isEqualTo(List.of());
        assertThat(REDIS.call("EXISTS", RedisKeys.endingSessions(MESSI))).isEqualTo(0L);
    }

    private UserSessions sessions(SessionLimits limits) {
        return new UserSessions(redis.link(), active, redis.listeners(), limits);
    }

    private Account account() {
        return redis.run(() -> accounts.find(MESSI)).orElseThrow();
    }

    private String open(UserSessions sessions) {
        Account account = account();
        Token token = redis.run(() -> sessions.open(account)).orElseThrow();
        return token.hash();
    }

    private static long expiry(String hash) {
        return (Long) Objects.requireNonNull(REDIS.call("PTTL", RedisKeys.session(hash)));
    }

    private static List<?> inSet() {
        return (List<?>) Objects.requireNonNull(REDIS.call("ZRANGE", RedisKeys.userSessions(MESSI), "0", "-1"));
    }
}
