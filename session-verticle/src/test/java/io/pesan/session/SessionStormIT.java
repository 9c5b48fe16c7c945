package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
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
        untilAllIsAnswered(() -> endsWithTheTruth(new Random(repetition.getCurrentRepetition())));
    }

    private static boolean endsWithTheTruth(Random random) {
        try (DistantRedis distant = new DistantRedis(REDIS);
                SessionNode one = SessionNode.start(CONFIG, REDIS.config());
                SessionNode two = SessionNode.start(CONFIG, distant.config())) {
            if (!hasAdded(one)) {
                return false;
            }
            List<String> open = new ArrayList<>();
            List<Future<?>> underWay = new ArrayList<>();
            for (int i = 0; i < OPERATIONS; i++) {
                SessionNode node = random.nextBoolean() ? one : two;
                if (random.nextInt(5) < 2 || open.isEmpty()) {
                    CredentialReply reply = node.logIn(USERS.get(random.nextInt(USERS.size())), PASSWORD);
                    if (isUnavailable(reply)) {
                        return false;
                    }
                    open.add(hash(reply));
                } else {
                    String session = open.remove(random.nextInt(open.size()));
                    underWay.add(node.batch(List.of(SessionNode.ending(session).build())));
                    underWay.add(node.logInLater(USERS.get(random.nextInt(USERS.size())), PASSWORD));
                }
            }
            if (isAnyUnavailable(underWay)) {
                return false;
            }
            assertThatTheTruthIsListed();
            return true;
        }
    }

    @RepeatedTest(3)
    void endsWithNobodyWhenAllLogOut() {
        untilAllIsAnswered(SessionStormIT::endsWithNobody);
    }

    private static boolean endsWithNobody() {
        try (DistantRedis distant = new DistantRedis(REDIS);
                SessionNode one = SessionNode.start(CONFIG, REDIS.config());
                SessionNode two = SessionNode.start(CONFIG, distant.config())) {
            if (!hasAdded(one)) {
                return false;
            }
            List<Future<?>> chains = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                SessionNode in = i % 2 == 0 ? one : two;
                SessionNode out = i % 3 == 0 ? one : two;
                chains.add(in.logInLater(USERS.get(i % USERS.size()), PASSWORD)
                        .compose(reply -> isUnavailable(reply)
                                ? Future.<Object>succeededFuture(reply)
                                : out.batch(List.of(
                                                SessionNode.ending(hash(reply)).build()))
                                        .map(Object.class::cast)));
            }
            if (isAnyUnavailable(chains)) {
                return false;
            }
            assertThatTheTruthIsListed();
            assertThat(REDIS.call("EXISTS", RedisKeys.ACTIVE_USERS)).isEqualTo(0L);
            assertThat(REDIS.call("KEYS", "*:session")).isEqualTo(List.of());
            return true;
        }
    }

    /** The near node ends the older session at every moment of the distant node's ending of the newer. */
    @Test
    void agreesAtWhateverMomentTwoNodesMeet() {
        untilAllIsAnswered(SessionStormIT::agreesAtEveryMoment);
    }

    private static boolean agreesAtEveryMoment() {
        try (DistantRedis distant = new DistantRedis(REDIS);
                SessionNode one = SessionNode.start(CONFIG, REDIS.config());
                SessionNode two = SessionNode.start(CONFIG, distant.config())) {
            if (!hasAdded(one)) {
                return false;
            }
            for (int moment = 1; moment <= 50; moment++) {
                CredentialReply older = one.logIn("messi", PASSWORD);
                CredentialReply newer = one.logIn("messi", PASSWORD);
                if (isUnavailable(older)
                        || isUnavailable(newer)
                        || isAnyUnavailable(List.of(two.endAfter(1, hash(newer)), one.endAfter(moment, hash(older))))) {
                    return false;
                }
                assertThatTheTruthIsListed();
            }
            return true;
        }
    }

    /** Where a pause of this machine made an answer late, only the sweep makes true what is listed. */
    private static void untilAllIsAnswered(BooleanSupplier round) {
        for (int attempt = 1; !isAnswered(round); attempt++) {
            assertThat(attempt).as("rounds in which something was unavailable").isLessThan(3);
            REDIS.clear();
        }
    }

    private static boolean isAnswered(BooleanSupplier round) {
        try {
            return round.getAsBoolean();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof ReplyException) {
                return false;
            }
            throw failure;
        }
    }

    private static boolean hasAdded(SessionNode node) {
        return USERS.stream().allMatch(user -> node.add(user, PASSWORD, "").hasAccountAdded());
    }

    private static boolean isAnyUnavailable(List<? extends Future<?>> replies) {
        return Await.result(Future.all(replies)).list().stream().anyMatch(SessionStormIT::isUnavailable);
    }

    private static boolean isUnavailable(Object reply) {
        return reply instanceof SessionBatchReply batch
                ? batch.getResultsList().stream().anyMatch(result -> isUnavailable(result.getRefused()))
                : isUnavailable(((CredentialReply) reply).getRefused());
    }

    private static boolean isUnavailable(Refused refused) {
        return refused.getReason() == Refusal.UNAVAILABLE;
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
