package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.LogIn;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RedisOutageIT {

    private static final String PASSWORD = "surabaya";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @Test
    void doesNotBeginWhileRedisIsAwayAndServesAgainWhenItIsBack() {
        try (RedisForTests redis = RedisForTests.start();
                SessionNode node = SessionNode.start(SessionNode.CONFIG, redis.config())) {
            node.add("messi", PASSWORD, "");
            String session = node.session("messi", PASSWORD);

            redis.stop();
            await().atMost(PATIENCE).until(() -> node.isNotBegun(SessionNode.describing(session)));

            redis.startAgain();
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(CompletionException.class)
                    .until(() -> !node.isNotBegun(SessionNode.describing(session)) && node.isLive(session));
            assertThat(node.logIn("messi", PASSWORD).hasLoggedIn()).isTrue();
        }
    }

    @Test
    @Timeout(60)
    void refusesWithinTheTimeOfTheRouteWhileRedisHangs() {
        try (RedisForTests redis = RedisForTests.start();
                SessionNode node = SessionNode.start(SessionNode.CONFIG, redis.config())) {
            node.add("messi", PASSWORD, "");
            String session = node.session("messi", PASSWORD);

            // A pause of this machine can use up the time of the route.
            for (int attempt = 1; !isRefusedWhileItHangs(redis, node, session); attempt++) {
                assertThat(attempt).as("times that there was no refusal").isLessThan(3);
            }
        }
    }

    @Test
    void whatFreesMemoryWorksWhenRedisHasNone() {
        try (RedisForTests redis = RedisForTests.start();
                SessionNode node = SessionNode.start(SessionNode.CONFIG, redis.config())) {
            node.add("messi", PASSWORD, "");
            node.add("pele", PASSWORD, "");
            String session = node.session("messi", PASSWORD);
            redis.call("CONFIG", "SET", "maxmemory", "1mb");

            assertThat(node.add("lineker", PASSWORD, "").getRefused().getReason())
                    .isEqualTo(Refusal.UNAVAILABLE);
            assertThat(node.run(SessionNode.ending(session)).hasSessionEnded()).isTrue();
            assertThat(node.remove("pele").hasRemoved()).isTrue();
        }
    }

    private static boolean isRefusedWhileItHangs(RedisForTests redis, SessionNode node, String session) {
        LogIn logIn =
                LogIn.newBuilder().setUsername("messi").setPassword(PASSWORD).build();
        redis.freeze();
        boolean refused = isOutOfReach(
                        node.batch(List.of(SessionNode.describing(session).build()))
                                .map(reply -> reply.getResults(0).getRefused()))
                && isOutOfReach(node.credentials(CredentialRequest.newBuilder().setLogIn(logIn))
                        .map(CredentialReply::getRefused));
        redis.thaw();
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(CompletionException.class)
                .until(() -> !node.isNotBegun(SessionNode.describing(session)) && node.isLive(session));
        return refused;
    }

    /** Redis's silence becomes a refusal, and then, when the connection is given up, the word that nothing was begun. */
    private static boolean isOutOfReach(Future<Refused> refusal) {
        return Await.result(refusal.map(refused -> refused.getReason() == Refusal.UNAVAILABLE)
                .recover(failure -> Future.succeededFuture(Route.isNotBegun(failure))));
    }
}
