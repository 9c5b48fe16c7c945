package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import io.pesan.session.Accounts.Creation;
import io.pesan.session.Accounts.PasswordChange;
import io.pesan.session.Accounts.RemovalOutcome;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AccountsIT {

    private static final Username MESSI = new Username("messi");
    private static final PasswordHash.Cost CHEAP = new PasswordHash.Cost(8, 1, 1);
    private static final PasswordHash FIRST = PasswordHash.of("first", CHEAP);
    private static final PasswordHash SECOND = PasswordHash.of("second", CHEAP);

    private static final Deadline NO_DEADLINE = new Deadline(0, 0);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private final RedisForParts redis = new RedisForParts(REDIS.config());
    private final Accounts accounts = new Accounts(redis.link());

    @BeforeEach
    void clear() {
        REDIS.clear();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void changesNothingAfterTheDeadline() {
        Deadline late = new Deadline(0, System.currentTimeMillis() - 1);
        assertThat(redis.run(() -> accounts.add(MESSI, "Lionel Messi", FIRST, late)))
                .isEqualTo(Creation.LATE);
        assertThat(redis.run(() -> accounts.find(MESSI))).isEmpty();
        add();
        assertThat(redis.run(() -> accounts.resetPassword(MESSI, SECOND, late))).isEqualTo(PasswordChange.LATE);
        assertThat(redis.run(() -> accounts.remove(MESSI, late.redisMillis())).outcome())
                .isEqualTo(RemovalOutcome.LATE);
        assertThat(find().password()).isEqualTo(FIRST.encode());

        Deadline inTime = new Deadline(0, System.currentTimeMillis() + 4_000);
        assertThat(redis.run(() -> accounts.resetPassword(MESSI, SECOND, inTime)))
                .isEqualTo(PasswordChange.CHANGED);
        assertThat(redis.run(() -> accounts.remove(MESSI, inTime.redisMillis())).outcome())
                .isEqualTo(RemovalOutcome.REMOVED);
    }

    @Test
    void makesAnAccountOnce() {
        assertThat(add()).isEqualTo(Creation.CREATED);
        assertThat(redis.run(() -> accounts.add(MESSI, "Another", SECOND, NO_DEADLINE)))
                .isEqualTo(Creation.EXISTS);

        Account account = find();
        assertThat(account.name()).isEqualTo("Lionel Messi");
        assertThat(account.password()).isEqualTo(FIRST.encode());
        assertThat(account).hasToString("Account[messi]");
        long created = Long.parseLong(String.valueOf(REDIS.call("HGET", RedisKeys.account(MESSI), "created")));
        assertThat(created).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000);
    }

    @Test
    void neverRepeatsAGenerationUnderTheSameName() {
        add();
        String before = find().generation();
        redis.run(() -> accounts.remove(MESSI, 0));
        add();

        assertThat(Long.parseLong(find().generation())).isGreaterThan(Long.parseLong(before));
    }

    @Test
    void makesNoAccountWhileSessionsOfItsPredecessorAreStillEnding() {
        add();
        addSessions("a");
        redis.run(() -> accounts.remove(MESSI, 0));

        assertThat(add()).isEqualTo(Creation.SESSIONS_ENDING);

        REDIS.call("DEL", RedisKeys.endingSessions(MESSI));
        assertThat(add()).isEqualTo(Creation.CREATED);
    }

    @Test
    void renewsAHashOnlyWhileThePasswordIsTheSame() {
        add();
        Account read = find();
        PasswordHash dearer = PasswordHash.of("first", new PasswordHash.Cost(16, 1, 1));

        assertThat(redis.run(() -> accounts.renewHash(read, dearer))).isTrue();
        assertThat(find().password()).isEqualTo(dearer.encode());
        assertThat(find().generation()).isEqualTo(read.generation());
        assertThat(redis.run(() -> accounts.renewHash(read, SECOND))).isFalse();
        assertThat(find().password()).isEqualTo(dearer.encode());
    }

    @Test
    void changesAPasswordAndDoomsAllSessionsButOne() {
        add();
        addSessions("a", "b", "c");
        Account checked = find();

        assertThat(redis.run(() -> accounts.changePassword(checked, SECOND, "b", NO_DEADLINE)))
                .isEqualTo(PasswordChange.CHANGED);

        assertThat(find().password()).isEqualTo(SECOND.encode());
        assertThat(find().generation()).isNotEqualTo(checked.generation());
        assertThat(sessions()).isEqualTo(List.of("b"));
        assertThat(doomed()).isEqualTo(List.of("a", "c"));
    }

    @Test
    void changesNothingOnAnOutdatedCheck() {
        add();
        addSessions("a", "b");
        Account checked = find();
        redis.run(() -> accounts.changePassword(checked, SECOND, "a", NO_DEADLINE));

        assertThat(redis.run(() -> accounts.changePassword(checked, FIRST, "a", NO_DEADLINE)))
                .isEqualTo(PasswordChange.OTHER_GENERATION);
        assertThat(redis.run(() -> accounts.changePassword(checked, FIRST, "b", NO_DEADLINE)))
                .isEqualTo(PasswordChange.NO_SESSION);
        assertThat(find().password()).isEqualTo(SECOND.encode());
        redis.run(() -> accounts.remove(MESSI, 0));
        assertThat(redis.run(() -> accounts.changePassword(checked, FIRST, "a", NO_DEADLINE)))
                .isEqualTo(PasswordChange.NO_ACCOUNT);
    }

    @Test
    void resetsAPasswordAndDoomsAllSessions() {
        add();
        addSessions("a", "b");

        assertThat(redis.run(() -> accounts.resetPassword(MESSI, SECOND, NO_DEADLINE)))
                .isEqualTo(PasswordChange.CHANGED);

        assertThat(find().password()).isEqualTo(SECOND.encode());
        assertThat(sessions()).isEqualTo(List.of());
        assertThat(doomed()).isEqualTo(List.of("a", "b"));
    }

    @Test
    void removesAllThatIsTheUsersButWhatHasStillToEnd() {
        add();
        addSessions("a");
        REDIS.call("XADD", RedisKeys.inbox(MESSI), "*", "text", "hola");
        REDIS.call("SET", RedisKeys.inboxCounted(MESSI), "4 1");
        REDIS.call("SET", RedisKeys.inboxLease(MESSI), "somebody");

        assertThat(redis.run(() -> accounts.remove(MESSI, 0)).outcome()).isEqualTo(RemovalOutcome.REMOVED);
        assertThat(redis.run(() -> accounts.remove(MESSI, 0)).outcome()).isEqualTo(RemovalOutcome.NO_ACCOUNT);

        assertThat(redis.run(() -> accounts.find(MESSI))).isEmpty();
        assertThat(REDIS.call("KEYS", "*")).isEqualTo(List.of(RedisKeys.endingSessions(MESSI)));
        assertThat(doomed()).isEqualTo(List.of("a"));
    }

    private Creation add() {
        return redis.run(() -> accounts.add(MESSI, "Lionel Messi", FIRST, NO_DEADLINE));
    }

    private Account find() {
        return redis.run(() -> accounts.find(MESSI)).orElseThrow();
    }

    private static void addSessions(String... hashes) {
        for (int i = 0; i < hashes.length; i++) {
            REDIS.call("ZADD", RedisKeys.userSessions(MESSI), "" + (i + 1), hashes[i]);
        }
    }

    private static List<?> sessions() {
        return (List<?>) Objects.requireNonNull(REDIS.call("ZRANGE", RedisKeys.userSessions(MESSI), "0", "-1"));
    }

    private static List<?> doomed() {
        return (List<?>) Objects.requireNonNull(REDIS.call("SORT", RedisKeys.endingSessions(MESSI), "ALPHA"));
    }
}
