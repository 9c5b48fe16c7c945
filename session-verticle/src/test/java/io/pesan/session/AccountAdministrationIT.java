package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.Account;
import io.pesan.contract.bus.proto.AccountPage;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AccountAdministrationIT {

    private static final String PASSWORD = "surabaya";

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private final SessionNode node = SessionNode.start(SessionNode.CONFIG, REDIS.config());

    @BeforeEach
    void addAccounts() {
        REDIS.clear();
        List.of("messi", "henderson", "lineker", "Zico", "pele").forEach(user -> node.add(user, PASSWORD, ""));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void listsAccountsInPagesInByteOrder() {
        AccountPage first = node.list("", 2).getPage();
        AccountPage second = node.list(first.getNext(), 2).getPage();
        AccountPage third = node.list(second.getNext(), 2).getPage();

        assertThat(names(first)).containsExactly("Zico", "henderson");
        assertThat(names(second)).containsExactly("lineker", "messi");
        assertThat(names(third)).containsExactly("pele");
        assertThat(third.getNext()).isEmpty();
        assertThat(names(node.list("", 0).getPage())).hasSize(5);
    }

    @Test
    void tellsOfEachAccountWhatAnAdministratorAsks() {
        node.add("maradona", PASSWORD, "Diego Maradona");
        node.session("maradona", PASSWORD);
        node.session("maradona", PASSWORD);
        REDIS.call("XADD", RedisKeys.inbox(new Username("maradona")), "*", "text", "hola");

        Account account = node.list("lineker", 1).getPage().getAccounts(0);

        assertThat(account.getUsername()).isEqualTo("maradona");
        assertThat(account.getName()).isEqualTo("Diego Maradona");
        assertThat(account.getSessions()).isEqualTo(2);
        assertThat(account.getPendingMessages()).isEqualTo(1);
        assertThat(account.getCreatedAtMs())
                .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000);
    }

    @Test
    void passesOverNamesWhoseAccountWasNeverMade() {
        REDIS.call("ZADD", RedisKeys.ACCOUNT_INDEX, "0", "ghost");

        assertThat(names(node.list("", 1000).getPage())).hasSize(5).doesNotContain("ghost");
    }

    @Test
    void removesAnAccountWithItsSessions() {
        String session = node.session("messi", PASSWORD);
        String own = node.session("pele", PASSWORD);

        assertThat(node.remove("messi").hasRemoved()).isTrue();

        assertThat(node.isLive(session)).isFalse();
        assertThat(node.activeUsers(own)).containsExactly("pele");
        assertThat(names(node.list("", 0).getPage())).doesNotContain("messi");
        assertThat(node.logIn("messi", PASSWORD).getRefused().getReason()).isEqualTo(Refusal.USER_UNKNOWN);
        assertThat(REDIS.call("KEYS", "*{messi}*")).isEqualTo(List.of());
        assertThat(node.remove("messi").getRefused().getReason()).isEqualTo(Refusal.USER_UNKNOWN);
        assertThat(node.remove("no body").getRefused().getReason()).isEqualTo(Refusal.USER_UNKNOWN);
    }

    @Test
    void makesARemovedAccountAnew() {
        String session = node.session("messi", PASSWORD);
        node.remove("messi");

        assertThat(node.add("messi", "jakarta", "").hasAccountAdded()).isTrue();

        assertThat(node.isLive(session)).isFalse();
        assertThat(node.logIn("messi", PASSWORD).getRefused().getReason()).isEqualTo(Refusal.PASSWORD_WRONG);
        assertThat(node.logIn("messi", "jakarta").hasLoggedIn()).isTrue();
    }

    @Test
    void tokensOfARemovalThatWasCutShortAreNoTokensOfTheNextAccount() {
        String session = node.session("messi", PASSWORD);
        // What a node leaves that loses Redis half way through the removal.
        REDIS.call("DEL", "pesan:{messi}:account", "pesan:{messi}:sessions");
        REDIS.call("SADD", "pesan:{messi}:ending", session);

        assertThat(node.add("messi", "jakarta", "").hasAccountAdded()).isTrue();

        assertThat(node.isLive(session)).isFalse();
    }

    @Test
    void listsActiveUsersInPages() {
        SessionConfig pagesOfTwo = new SessionConfig(SessionNode.LIMITS, SessionNode.CHEAP, false, 2);
        try (SessionNode paging = SessionNode.start(pagesOfTwo, REDIS.config())) {
            String own = paging.session("messi", PASSWORD);
            paging.session("henderson", PASSWORD);
            paging.session("lineker", PASSWORD);

            var first = paging.run(SessionNode.listing(own, "")).getActiveUsers();
            var second = paging.run(SessionNode.listing(own, first.getNext())).getActiveUsers();

            assertThat(first.getUsernamesList()).containsExactly("messi", "henderson");
            assertThat(first.getNext()).matches("\\d+:henderson");
            assertThat(second.getUsernamesList()).containsExactly("lineker");
            assertThat(second.getNext()).isEmpty();
            assertThat(paging.run(SessionNode.listing(own, "nonsense"))
                            .getRefused()
                            .getReason())
                    .isEqualTo(Refusal.ARGUMENTS_WRONG);
            assertThat(paging.run(SessionNode.listing("unknown", ""))
                            .getRefused()
                            .getReason())
                    .isEqualTo(Refusal.SESSION_UNKNOWN);
        }
    }

    private static List<String> names(AccountPage page) {
        return page.getAccountsList().stream().map(Account::getUsername).toList();
    }
}
