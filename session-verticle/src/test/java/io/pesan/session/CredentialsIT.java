package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.LogIn;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CredentialsIT {

    private static final String PASSWORD = "surabaya";
    private static final Username MESSI = new Username("messi");

    /** About a quarter of a second of a core. */
    private static final PasswordHashing DEAR = new PasswordHashing(65_536, 3, 1, 1, 1);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @BeforeEach
    void addAccount() {
        REDIS.clear();
        try (SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config())) {
            node.add("messi", PASSWORD, "Lionel Messi");
        }
    }

    @Test
    void answersUniformlyWhereConfigured() {
        SessionConfig uniform = new SessionConfig(SessionNode.LIMITS, SessionNode.CHEAP, true, 1000);
        try (SessionNode node = SessionNode.start(uniform, REDIS.config())) {
            CredentialReply wrong = node.logIn("messi", "Surabaya");

            assertThat(wrong.getRefused().getReason()).isEqualTo(Refusal.PASSWORD_WRONG);
            assertThat(node.logIn("nobody", PASSWORD)).isEqualTo(wrong);
            assertThat(node.logIn("no body", PASSWORD)).isEqualTo(wrong);
            assertThat(node.logIn("messi", PASSWORD).hasLoggedIn()).isTrue();
        }
    }

    @Test
    void answersUniformlyInTimeToo() {
        SessionConfig uniform = new SessionConfig(SessionNode.LIMITS, DEAR, true, 1000);
        try (SessionNode node = SessionNode.start(uniform, REDIS.config())) {
            node.add("lineker", PASSWORD, "");
            long wrong = millisOf(() -> node.logIn("lineker", "wrong"));
            long unknown = millisOf(() -> node.logIn("nobody", "wrong"));

            assertThat(wrong).isGreaterThan(20);
            assertThat(unknown).isBetween(wrong / 4, wrong * 4);
        }
    }

    @Test
    void answersUniformlyInTimeWhereThePasswordWasHashedAtALowerCost() {
        SessionConfig uniform = new SessionConfig(SessionNode.LIMITS, DEAR, true, 1000);
        try (SessionNode node = SessionNode.start(uniform, REDIS.config())) {
            long wrong = millisOf(() -> node.logIn("messi", "wrong"));
            long unknown = millisOf(() -> node.logIn("nobody", "wrong"));

            assertThat(storedPassword()).contains("$m=8,t=1,p=1$");
            assertThat(unknown).isGreaterThan(20);
            assertThat(wrong).isBetween(unknown / 4, unknown * 4);
        }
    }

    @Test
    void turnsAwayWhoComesWhenTooManyWait() {
        SessionConfig config = new SessionConfig(SessionNode.LIMITS, DEAR, false, 1000);
        try (SessionNode node = SessionNode.start(config, REDIS.config())) {
            node.add("lineker", PASSWORD, "");
            List<Future<CredentialReply>> replies = IntStream.range(0, 12)
                    .mapToObj(i -> node.logInLater("lineker", "wrong"))
                    .toList();

            List<CredentialReply> throttled = replies.stream()
                    .map(Await::result)
                    .filter(reply -> reply.getRefused().getReason() == Refusal.AUTH_THROTTLED)
                    .toList();

            assertThat(throttled)
                    // Ten, but for what a slow machine computes before the last have come.
                    .hasSizeBetween(6, 10)
                    .allMatch(reply -> reply.getRefused().getRetryAfterMs() >= 100
                            && reply.getRefused().getRetryAfterMs() <= 5_000);
            assertThat(node.logIn("lineker", PASSWORD).hasLoggedIn()).isTrue();
        }
    }

    @Test
    void opensNoSessionForWhomNobodyWaitsAnyMore() {
        SessionConfig config = new SessionConfig(SessionNode.LIMITS, DEAR, false, 1000);
        try (SessionNode node = SessionNode.start(config, REDIS.config())) {
            node.add("lineker", PASSWORD, "");
            LogIn logIn = LogIn.newBuilder()
                    .setUsername("lineker")
                    .setPassword(PASSWORD)
                    .build();

            CredentialReply reply = Await.result(node.credentials(
                    CredentialRequest.newBuilder().setBudgetMs(10).setLogIn(logIn)));

            assertThat(reply.getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
            assertThat(REDIS.call("KEYS", "*:session*")).isEqualTo(List.of());
        }
    }

    @Test
    void opensNoSessionForARequestThatWasOnItsWayForTooLong() {
        try (SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config())) {
            node.add("messi", PASSWORD, "");
            LogIn logIn = LogIn.newBuilder()
                    .setUsername("messi")
                    .setPassword(PASSWORD)
                    .build();
            long now = node.again().getRedisMs();

            CredentialReply late = Await.result(node.credentials(
                    CredentialRequest.newBuilder().setDeadlineMs(now - 1).setLogIn(logIn)));
            assertThat(late.getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
            assertThat(REDIS.call("KEYS", "*:session*")).isEqualTo(List.of());

            CredentialReply inTime = Await.result(node.credentials(CredentialRequest.newBuilder()
                    .setDeadlineMs(node.again().getRedisMs() + 4_000)
                    .setLogIn(logIn)));
            assertThat(inTime.hasLoggedIn()).isTrue();
        }
    }

    @Test
    void answersWhatIsUnderWayBeforeItLeaves() {
        SessionConfig config = new SessionConfig(SessionNode.LIMITS, DEAR, false, 1000);
        try (SessionNode node = SessionNode.start(config, REDIS.config())) {
            Future<CredentialReply> logIn = node.logInLater("messi", PASSWORD);
            // Answered by the same event loop, so the log-in has arrived too.
            node.isLive("unknown");

            Await.result(node.leave());

            assertThat(Await.result(logIn).hasLoggedIn()).isTrue();
        }
    }

    @Test
    void hashesAnewAtLogInWhenTheCostHasChanged() {
        PasswordHashing dearer = new PasswordHashing(16, 2, 1, 2, 64);
        SessionConfig config = new SessionConfig(SessionNode.LIMITS, dearer, false, 1000);
        try (SessionNode node = SessionNode.start(config, REDIS.config())) {
            assertThat(node.logIn("messi", "wrong").hasRefused()).isTrue();
            assertThat(storedPassword()).contains("$m=8,t=1,p=1$");

            assertThat(node.logIn("messi", PASSWORD).hasLoggedIn()).isTrue();
            Awaitility.await().untilAsserted(() -> assertThat(storedPassword()).contains("$m=16,t=2,p=1$"));
            assertThat(node.logIn("messi", PASSWORD).hasLoggedIn()).isTrue();
        }
    }

    @Test
    void refusesAStoredPasswordThatWouldTakeAllMemory() {
        REDIS.call(
                "HSET",
                RedisKeys.account(MESSI),
                "password",
                "$argon2id$v=19$m=99999999,t=9,p=1$c29tZXNhbHQ$c29tZXNhbHQ");
        try (SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config())) {
            assertThat(node.logIn("messi", PASSWORD).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        }
    }

    @Test
    void changesAPasswordAndEndsTheOtherSessionsAtOnce() {
        try (SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config())) {
            String other = node.session("messi", PASSWORD);
            String own = node.session("messi", PASSWORD);

            assertThat(node.changePassword(own, PASSWORD, "jakarta").hasPasswordChanged())
                    .isTrue();

            assertThat(node.isLive(own)).isTrue();
            assertThat(node.isLive(other)).isFalse();
            assertThat(node.logIn("messi", PASSWORD).getRefused().getReason()).isEqualTo(Refusal.PASSWORD_WRONG);
            assertThat(node.logIn("messi", "jakarta").hasLoggedIn()).isTrue();
        }
    }

    @Test
    void refusesToChangeAPasswordForWhoDoesNotKnowIt() {
        try (SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config())) {
            String own = node.session("messi", PASSWORD);
            String unknown = Token.random().hash();

            assertThat(node.changePassword(own, "wrong", "jakarta").getRefused().getReason())
                    .isEqualTo(Refusal.PASSWORD_WRONG);
            assertThat(node.changePassword(unknown, PASSWORD, "jakarta")
                            .getRefused()
                            .getReason())
                    .isEqualTo(Refusal.SESSION_UNKNOWN);
            assertThat(node.changePassword(own, PASSWORD, "jak arta")
                            .getRefused()
                            .getReason())
                    .isEqualTo(Refusal.ARGUMENTS_WRONG);
            assertThat(node.logIn("messi", PASSWORD).hasLoggedIn()).isTrue();
        }
    }

    @Test
    void leavesNoSessionOfAnOldPasswordBehind() {
        try (SessionNode one = SessionNode.start(SessionNode.CONFIG, REDIS.config());
                SessionNode two = SessionNode.start(SessionNode.CONFIG, REDIS.config())) {
            for (int round = 0; round < 30; round++) {
                String old = "password" + round;
                one.resetPassword("messi", old);
                String own = one.session("messi", old);
                List<Future<CredentialReply>> logIns = IntStream.range(0, 6)
                        .mapToObj(i -> two.logInLater("messi", old))
                        .toList();

                assertThat(one.changePassword(own, old, "new").hasPasswordChanged())
                        .isTrue();

                for (Future<CredentialReply> logIn : logIns) {
                    CredentialReply reply = Await.result(logIn);
                    assertThat(reply.hasLoggedIn()
                                    && two.isLive(new Token(reply.getLoggedIn().getToken()).hash()))
                            .isFalse();
                }
                assertThat(one.isLive(own)).isTrue();
            }
        }
    }

    @Test
    void resetsAPasswordAndEndsAllSessions() {
        try (SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config())) {
            String session = node.session("messi", PASSWORD);

            assertThat(node.resetPassword("messi", "jakarta").hasPasswordChanged())
                    .isTrue();
            assertThat(node.resetPassword("nobody", "jakarta").getRefused().getReason())
                    .isEqualTo(Refusal.USER_UNKNOWN);
            assertThat(node.resetPassword("messi", "").getRefused().getReason()).isEqualTo(Refusal.ARGUMENTS_WRONG);

            assertThat(node.isLive(session)).isFalse();
            assertThat(REDIS.call("ZCARD", RedisKeys.ACTIVE_USERS)).isEqualTo(0L);
            assertThat(node.logIn("messi", "jakarta").hasLoggedIn()).isTrue();
        }
    }

    private static String storedPassword() {
        return String.valueOf(REDIS.call("HGET", RedisKeys.account(MESSI), "password"));
    }

    /** The shortest of three: the first ones warm up. */
    private static long millisOf(Runnable action) {
        return IntStream.range(0, 3).mapToLong(i -> onceMillisOf(action)).min().orElseThrow();
    }

    private static long onceMillisOf(Runnable action) {
        long began = System.nanoTime();
        action.run();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }
}
