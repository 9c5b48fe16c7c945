package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.protocol.ActiveUsersCursor;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import io.pesan.session.ActiveUserSet.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ActiveUserSetIT {

    private static final Username MESSI = new Username("messi");

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private final RedisForParts redis = new RedisForParts(REDIS.config());
    private final ActiveUserSet active = new ActiveUserSet(redis.link());

    @BeforeEach
    void clear() {
        REDIS.clear();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void marksAUserForALookWithinSeconds() {
        long nowMicros = redis.run(() -> active.mark(MESSI));

        assertThat(due()).isEqualTo(nowMicros / 1000 + 5_000);
    }

    @Test
    void doesNotPutAnEarlierLookOff() {
        REDIS.call("ZADD", RedisKeys.ACTIVE_DUE, "1000", "messi");
        redis.run(() -> active.mark(MESSI));

        assertThat(due()).isEqualTo(1000);
    }

    @Test
    void claimsWhoIsDueOnceAndThatBounded() {
        IntStream.range(0, 5).forEach(i -> REDIS.call("ZADD", RedisKeys.ACTIVE_DUE, "" + i, "user" + i));
        redis.run(() -> active.mark(MESSI));

        assertThat(redis.run(() -> active.claim(3)).users())
                .map(Username::value)
                .containsExactly("user0", "user1", "user2");
        assertThat(redis.run(() -> active.claim(3)).users())
                .map(Username::value)
                .containsExactly("user3", "user4");
        assertThat(redis.run(() -> active.claim(3)).users()).isEmpty();
    }

    @Test
    void setsWhenAClaimedUserIsLookedAtNext() {
        Claim claim = claimMessi();
        redis.run(() -> active.lookAgain(claim, MESSI, OptionalLong.of(60_000)));

        assertThat(due()).isBetween(System.currentTimeMillis() + 50_000, System.currentTimeMillis() + 70_000);
    }

    @Test
    void forgetsAClaimedUserWhoHasNothingToLookAt() {
        Claim claim = claimMessi();
        redis.run(() -> active.lookAgain(claim, MESSI, OptionalLong.empty()));

        assertThat(REDIS.call("ZCARD", RedisKeys.ACTIVE_DUE)).isEqualTo(0L);
    }

    @Test
    void looksAgainSoonAtWhoWasMarkedDuringTheLook() {
        Claim claim = claimMessi();
        long nowMicros = redis.run(() -> active.mark(MESSI));
        redis.run(() -> active.lookAgain(claim, MESSI, OptionalLong.empty()));
        redis.run(() -> active.lookAgain(claim, MESSI, OptionalLong.of(60_000)));

        assertThat(due()).isEqualTo(nowMicros / 1000 + 5_000);
    }

    @Test
    void settlesAUserByTheStartOfTheOldestSession() {
        REDIS.call("ZADD", RedisKeys.userSessions(MESSI), "1790000000123456", "old", "1790000000123457", "new");
        redis.run(() -> active.settle(MESSI));
        assertThat(start("messi")).isEqualTo("1790000000123456");

        REDIS.call("ZREM", RedisKeys.userSessions(MESSI), "old");
        redis.run(() -> active.settle(MESSI));
        assertThat(start("messi")).isEqualTo("1790000000123457");

        REDIS.call("ZREM", RedisKeys.userSessions(MESSI), "new");
        redis.run(() -> active.settle(MESSI));
        assertThat(start("messi")).isNull();
    }

    @Test
    void readsAllInPagesAlsoWhereManyBeganAtOnce() {
        List<String> all = new ArrayList<>();
        for (int start = 100; start < 104; start++) {
            for (int i = 10; i < 25; i++) {
                String username = "user" + start + "." + i;
                REDIS.call("ZADD", RedisKeys.ACTIVE_USERS, "" + start, username);
                all.add(username);
            }
        }
        for (int limit : new int[] {1, 2, 7, 59, 60, 61}) {
            List<String> read = new ArrayList<>();
            String next = "";
            do {
                ActiveUsersPage page = page(next, limit);
                assertThat(page.usernames()).hasSizeBetween(1, limit);
                read.addAll(page.usernames());
                next = page.next();
            } while (!next.isEmpty());
            assertThat(read).as("pages of " + limit).isEqualTo(all);
        }
    }

    @Test
    void goesOnAfterAUserWhoHasGone() {
        REDIS.call("ZADD", RedisKeys.ACTIVE_USERS, "1", "a", "2", "b", "3", "c", "4", "d");
        String next = page("", 2).next();
        REDIS.call("ZREM", RedisKeys.ACTIVE_USERS, "b");

        assertThat(page(next, 2).usernames()).containsExactly("c", "d");
        assertThat(page(next, 2).next()).isEmpty();
    }

    private ActiveUsersPage page(String after, int limit) {
        ActiveUsersCursor cursor = ActiveUsersCursor.parse(after).orElseThrow();
        return redis.run(() -> active.page(cursor, limit));
    }

    private Claim claimMessi() {
        REDIS.call("ZADD", RedisKeys.ACTIVE_DUE, "1", "messi");
        return redis.run(() -> active.claim(10));
    }

    private static long due() {
        return Long.parseLong(String.valueOf(REDIS.call("ZSCORE", RedisKeys.ACTIVE_DUE, "messi")));
    }

    private static @Nullable Object start(String username) {
        return REDIS.call("ZSCORE", RedisKeys.ACTIVE_USERS, username);
    }
}
