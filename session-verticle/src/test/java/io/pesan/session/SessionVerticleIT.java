package io.pesan.session;

import static io.pesan.session.SessionNode.describing;
import static io.pesan.session.SessionNode.ending;
import static io.pesan.session.SessionNode.listing;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.RedisForTests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionVerticleIT {

    private static final String PASSWORD = "surabaya";
    private static final Username MESSI = new Username("messi");

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config());

    @BeforeEach
    void addAccounts() {
        REDIS.clear();
        node.add("messi", PASSWORD, "Lionel Messi");
        node.add("henderson", PASSWORD, "Jordan Henderson");
        node.add("lineker", PASSWORD, "");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void logsInAndDescribesTheSession() {
        String session = node.session("messi", PASSWORD);

        SessionResult described = node.run(describing(session));

        assertThat(described.getSessionDescription().getUsername()).isEqualTo("messi");
        assertThat(described.getSessionDescription().getName()).isEqualTo("Lionel Messi");
    }

    @Test
    void namesAnAccountWithoutANameByItsUsername() {
        String session = node.session("lineker", PASSWORD);

        assertThat(node.run(describing(session)).getSessionDescription().getName())
                .isEqualTo("lineker");
    }

    @Test
    void tellsAnUnknownUserFromAWrongPassword() {
        assertThat(node.logIn("nobody", PASSWORD).getRefused().getReason()).isEqualTo(Refusal.USER_UNKNOWN);
        assertThat(node.logIn("no body", PASSWORD).getRefused().getReason()).isEqualTo(Refusal.USER_UNKNOWN);
        assertThat(node.logIn("messi", "Surabaya").getRefused().getReason()).isEqualTo(Refusal.PASSWORD_WRONG);
    }

    @Test
    void keepsNeitherTokensNorPasswords() {
        String token = node.logIn("messi", PASSWORD).getLoggedIn().getToken();

        assertThat((List<?>) REDIS.call("KEYS", "*" + token + "*")).isEmpty();
        assertThat(REDIS.call("HGET", RedisKeys.account(MESSI), "password"))
                .asString()
                .startsWith("$argon2id$v=19$m=8,t=1,p=1$");
    }

    @Test
    void listsActiveUsersInTheOrderInWhichTheirOldestLiveSessionsBegan() {
        String first = node.session("messi", PASSWORD);
        String own = node.session("henderson", PASSWORD);
        node.session("lineker", PASSWORD);
        node.session("messi", PASSWORD);

        assertThat(node.activeUsers(own)).containsExactly("messi", "henderson", "lineker");

        node.run(ending(first));
        assertThat(node.activeUsers(own)).containsExactly("henderson", "lineker", "messi");
    }

    @Test
    void endsTheNamedSessionAndNoOther() {
        String ended = node.session("messi", PASSWORD);
        String other = node.session("messi", PASSWORD);

        assertThat(node.run(ending(ended)).hasSessionEnded()).isTrue();

        assertThat(node.isLive(ended)).isFalse();
        assertThat(node.isLive(other)).isTrue();
        assertThat(node.run(ending(ended)).getRefused().getReason()).isEqualTo(Refusal.SESSION_UNKNOWN);
    }

    @Test
    void unlistsAUserWithTheLastSession() {
        String session = node.session("messi", PASSWORD);
        String own = node.session("henderson", PASSWORD);

        node.run(ending(session));

        assertThat(node.activeUsers(own)).containsExactly("henderson");
        assertThat(REDIS.call("ZCARD", RedisKeys.userSessions(MESSI))).isEqualTo(0L);
    }

    @Test
    void runsTheCommandsOfOneConnectionInOrder() {
        String session = node.session("messi", PASSWORD);
        String own = node.session("henderson", PASSWORD);

        List<SessionResult> results = Await.result(node.batch(List.of(
                        describing(session).build(),
                        ending(session).build(),
                        listing(own, "").build(),
                        describing(session).build())))
                .getResultsList();

        assertThat(results.get(0).hasSessionDescription()).isTrue();
        assertThat(results.get(1).hasSessionEnded()).isTrue();
        assertThat(results.get(2).getActiveUsers().getUsernamesList()).containsExactly("henderson");
        assertThat(results.get(3).getRefused().getReason()).isEqualTo(Refusal.SESSION_UNKNOWN);
    }

    @Test
    void listsAThousandTimesInOneBatchAndAnewAfterALogOut() {
        String session = node.session("messi", PASSWORD);
        String own = node.session("henderson", PASSWORD);
        List<SessionCommand> commands =
                new ArrayList<>(nCopies(500, listing(own, "").build()));
        commands.add(ending(session).build());
        commands.addAll(nCopies(500, listing(own, "").build()));

        List<SessionResult> results = Await.result(node.batch(commands)).getResultsList();

        assertThat(results.subList(0, 500))
                .allMatch(result -> result.getActiveUsers().getUsernamesCount() == 2);
        assertThat(results.subList(501, 1001))
                .allMatch(result -> result.getActiveUsers().getUsernamesCount() == 1);
    }

    @Test
    void refusesATakenNameAndWhatIsMalformed() {
        assertThat(node.add("messi", "another", "").getRefused().getReason()).isEqualTo(Refusal.USER_EXISTS);
        assertThat(node.add("mes si", PASSWORD, "").getRefused().getReason()).isEqualTo(Refusal.ARGUMENTS_WRONG);
        assertThat(node.add("pele", "", "").getRefused().getReason()).isEqualTo(Refusal.ARGUMENTS_WRONG);
        assertThat(node.add("pele", PASSWORD, " Pele").getRefused().getReason()).isEqualTo(Refusal.ARGUMENTS_WRONG);
        assertThat(REDIS.call("ZSCORE", RedisKeys.ACCOUNT_INDEX, "pele")).isNull();
        assertThat(node.logIn("messi", PASSWORD).hasLoggedIn()).isTrue();
    }

    @Test
    void aRepeatedLogoutOfAnUnknownSessionIsInDoubtAndNothingElseIs() {
        String session = node.session("messi", PASSWORD);
        assertThat(node.again(ending(session)).getResults(0).hasSessionEnded()).isTrue();
        SessionBatchReply again = node.again(ending(session), describing(session), listing(session, ""));
        assertThat(again.getResultsList())
                .extracting(result -> result.getRefused().getReason())
                .containsExactly(Refusal.UNAVAILABLE, Refusal.SESSION_UNKNOWN, Refusal.SESSION_UNKNOWN);
        assertThat(node.run(ending(session)).getRefused().getReason()).isEqualTo(Refusal.SESSION_UNKNOWN);
    }

    @Test
    void tellsWhatRedissClockShows() {
        long before = System.currentTimeMillis();
        assertThat(node.again().getRedisMs()).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void servesAThousandPipelinedCommandsOfOneConnection() {
        String session = node.session("messi", PASSWORD);

        List<SessionResult> results = Await.result(
                        node.batch(nCopies(1000, describing(session).build())))
                .getResultsList();

        assertThat(results).hasSize(1000).allMatch(SessionResult::hasSessionDescription);
    }
}
