package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Everything at once, on a node that is near Redis and one that is not: whoever writes last, what is listed must be what lives. */
class SessionStormIT {

    private static final String PASSWORD = "surabaya";
    private static final List<String> USERS = List.of("messi", "henderson", "lineker");
    private static final int OPERATIONS = 200;

    /** Small enough that sessions give way too. */
    private static final SessionLimits LIMITS = new SessionLimits(Duration.ofHours(1), Duration.ZERO, 5);

    private static final SessionConfig CONFIG =
            new SessionConfig(LIMITS, new PasswordHashing(8, 1, 1, 2, 1_000), false, 1000);

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @BeforeEach
    void clear() {
        REDIS.clear();
    }

    @RepeatedTest(3)
    void endsWithTheTruth(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        try (DistantRedis distant = new DistantRedis(REDIS);
                SessionNode one = SessionNode.start(CONFIG, REDIS.config());
                SessionNode two = SessionNode.start(CONFIG, distant.config())) {
            USERS.forEach(user -> one.add(user, PASSWORD, ""));
            List<String> open = new ArrayList<>();
            List<Future<?>> underWay = new ArrayList<>();
            for (int i = 0; i < OPERATIONS; i++) {
                SessionNode node = random.nextBoolean() ? one : two;
                if (random.nextInt(5) < 2 || open.isEmpty()) {
                    open.add(logIn(node, USERS.get(random.nextInt(USERS.size()))));
                } else {
                    String session = open.remove(random.nextInt(open.size()));
                    underWay.add(node.batch(List.of(SessionNode.ending(session).build())));
                    underWay.add(node.logInLater(USERS.get(random.nextInt(USERS.size())), PASSWORD));
                }
            }
            Await.result(Future.all(underWay));

            assertThatTheTruthIsListed();
        }
    }

    @RepeatedTest(3)
    void endsWithNobodyWhenAllLogOut() {
        try (DistantRedis distant = new DistantRedis(REDIS);
                SessionNode one = SessionNode.start(CONFIG, REDIS.config());
                SessionNode two = SessionNode.start(CONFIG, distant.config())) {
            USERS.forEach(user -> one.add(user, PASSWORD, ""));
            List<Future<?>> chains = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                SessionNode in = i % 2 == 0 ? one : two;
                SessionNode out = i % 3 == 0 ? one : two;
                chains.add(in.logInLater(USERS.get(i % USERS.size()), PASSWORD)
                        .compose(reply -> out.batch(
                                List.of(SessionNode.ending(hash(reply)).build()))));
            }
            Await.result(Future.all(chains));

            assertThatTheTruthIsListed();
            assertThat(REDIS.call("EXISTS", RedisKeys.ACTIVE_USERS)).isEqualTo(0L);
            assertThat(REDIS.call("KEYS", "*:session")).isEqualTo(List.of());
        }
    }

    /** The near node ends the older session at every moment of the distant node's ending of the newer. */
    @Test
    void agreesAtWhateverMomentTwoNodesMeet() {
        try (DistantRedis distant = new DistantRedis(REDIS);
                SessionNode one = SessionNode.start(CONFIG, REDIS.config());
                SessionNode two = SessionNode.start(CONFIG, distant.config())) {
            USERS.forEach(user -> one.add(user, PASSWORD, ""));
            for (int moment = 1; moment <= 50; moment++) {
                String older = logIn(one, "messi");
                String newer = logIn(one, "messi");

                Await.result(Future.all(two.endAfter(1, newer), one.endAfter(moment, older)));

                assertThatTheTruthIsListed();
            }
        }
    }

    private static String logIn(SessionNode node, String user) {
        return hash(node.logIn(user, PASSWORD));
    }

    private static String hash(CredentialReply reply) {
        return new Token(reply.getLoggedIn().getToken()).hash();
    }

    private static void assertThatTheTruthIsListed() {
        List<Object> inSets = new ArrayList<>();
        for (String name : USERS) {
            Username user = new Username(name);
            List<?> sessions = list("ZRANGE", RedisKeys.userSessions(user), "0", "-1");
            assertThat(sessions).hasSizeLessThanOrEqualTo(LIMITS.perUser());
            inSets.addAll(sessions);
            List<?> oldest = list("ZRANGE", RedisKeys.userSessions(user), "0", "0", "WITHSCORES");
            assertThat(REDIS.call("ZSCORE", RedisKeys.ACTIVE_USERS, name))
                    .as(name)
                    .isEqualTo(oldest.isEmpty() ? null : oldest.get(1));
            assertThat(REDIS.call("EXISTS", RedisKeys.endingSessions(user))).isEqualTo(0L);
        }
        List<String> keys = inSets.stream()
                .map(hash -> RedisKeys.session(String.valueOf(hash)))
                .toList();
        assertThat(list("KEYS", "*:session")).map(String::valueOf).containsExactlyInAnyOrderElementsOf(keys);
    }

    private static List<?> list(String... words) {
        return (List<?>) Objects.requireNonNull(REDIS.call(words));
    }
}
