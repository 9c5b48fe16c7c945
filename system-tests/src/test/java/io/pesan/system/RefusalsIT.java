package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The refusals that take a full inbox, a busy password queue or self-registration to provoke. */
class RefusalsIT {

    @TempDir
    Path folder;

    @Test
    void aFullInboxTheSenderIsToldOfAndItsOwnerEmpties() {
        try (NodeProcess node = NodeProcess.start(folder.resolve("data"), List.of("inbox.max-messages=2"));
                WireClient messi = node.connect();
                WireClient henderson = node.connect()) {
            messi.logIn("messi", "surabaya");
            henderson.logIn("henderson", "surabaya");
            assertThat(messi.ask("send henderson one")).startsWith("{\"status\": \"OK\"");
            assertThat(messi.ask("send henderson two")).startsWith("{\"status\": \"OK\"");
            assertThat(messi.ask("send henderson three"))
                    .isEqualTo("{\"status\": \"ERROR\", \"message\": \"Inbox Penerima Penuh\","
                            + " \"code\": \"INBOX_FULL\"}\r\n\r\n");
            assertThat(henderson.ask("inbox")).contains("one", "two").doesNotContain("three");
            assertThat(henderson.ask("ping")).contains("pong");
            // The ping confirms the hand-over, which may still be on its way; by itself it would be confirmed after 5
            // s.
            await().atMost(Duration.ofSeconds(4))
                    .until(() -> messi.ask("send henderson four").startsWith("{\"status\": \"OK\""));
        }
    }

    @Test
    void morePasswordsThanMayWaitAreRefusedAtOnceWithATimeToComeBack() {
        List<String> oneAtATime = List.of("security.password-hash.workers=1", "security.password-hash.queue=0");
        try (NodeProcess node = NodeProcess.start(folder.resolve("data"), oneAtATime)) {
            List<WireClient> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(node.connect());
            }
            clients.forEach(client -> client.send("auth messi surabaya\r\n"));
            List<String> replies = clients.stream().map(WireClient::reply).toList();
            assertThat(replies).anyMatch(reply -> reply.contains("\"tokenid\""));
            assertThat(replies)
                    .anyMatch(reply -> reply.matches("\\{\"status\": \"ERROR\", \"message\":"
                            + " \"Terlalu Banyak Percobaan Login, Silahkan Coba Lagi Nanti\","
                            + " \"code\": \"AUTH_THROTTLED\", \"retry_after_ms\": \\d+}\r\n\r\n"));
            clients.forEach(WireClient::close);
        }
    }

    @Test
    void aNameThatIsTakenCannotBeRegisteredAgain() {
        List<String> open = new ArrayList<>(NodeProcess.CHEAP_HASHES);
        open.add("accounts.self-registration=true");
        try (NodeProcess node = NodeProcess.start(folder.resolve("data"), open);
                WireClient client = node.connect()) {
            assertThat(client.ask("register xavi secret Xavi Hern\u00e1ndez"))
                    .isEqualTo("{\"status\": \"OK\", \"username\": \"xavi\"}\r\n\r\n");
            assertThat(client.ask("register xavi other"))
                    .isEqualTo("{\"status\": \"ERROR\", \"message\": \"User Sudah Ada\","
                            + " \"code\": \"USER_EXISTS\"}\r\n\r\n");
            client.logIn("xavi", "secret");
            assertThat(client.ask("whoami"))
                    .isEqualTo("{\"status\": \"OK\", \"username\": \"xavi\","
                            + " \"name\": \"Xavi Hern\\u00e1ndez\"}\r\n\r\n");
        }
    }
}
