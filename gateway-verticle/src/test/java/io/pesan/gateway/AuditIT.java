package io.pesan.gateway;

import static io.pesan.gateway.ScriptedServices.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.LoggedIn;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.log.AuditMarker;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the operator hears of one connection: by whom, from where, in answer to what. */
class AuditIT {

    private final GatewayUnderTest gateway = GatewayUnderTest.start();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Audit.class);
    private final List<Map<String, String>> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            Map<String, String> line = new TreeMap<>();
            event.getKeyValuePairs().forEach(pair -> line.put(pair.key, String.valueOf(pair.value)));
            line.put("level", event.getLevel().toString());
            line.put("message", event.getMessage());
            line.put(
                    "done",
                    String.valueOf(Objects.requireNonNullElse(event.getMarkerList(), List.of())
                            .contains(AuditMarker.DONE)));
            lines.add(line);
        }
    };

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        logger.setLevel(null);
        gateway.close();
    }

    @Test
    void namesUserAddressConnectionAndTagOfLogInsAndLogOuts() throws IOException {
        try (RawClient client = gateway.connect();
                RawClient other = gateway.connect()) {
            client.ask("@one auth messi surabaya");
            refuseLogIns();
            client.ask("@two auth henderson guess");
            other.ask("auth lineker guess");
            client.ask("@three logout " + TOKEN);
            await().until(() -> lines.size() == 4);
        }

        assertThat(lines)
                .extracting(line -> line.get("message"))
                .containsExactly("login", "login refused", "login refused", "logout");
        assertThat(lines)
                .extracting(line -> line.get("done"))
                .as("is never summed up")
                .containsExactly("true", "false", "false", "true");
        assertThat(lines).extracting(line -> line.get("tag")).containsExactly("one", "two", null, "three");
        assertThat(lines.subList(0, 3))
                .extracting(line -> line.get("username"))
                .containsExactly("messi", "henderson", "lineker");
        assertThat(lines)
                .extracting(line -> line.get("reason"))
                .containsExactly(null, "password_wrong", "password_wrong", null);
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.get("level")).isEqualTo("INFO");
            assertThat(line.get("address")).matches("127\\.0\\.0\\.1:\\d+");
        });
        String connection = lines.get(0).get("connectionId");
        assertThat(lines.get(1)).containsEntry("connectionId", connection);
        assertThat(lines.get(3)).containsEntry("connectionId", connection);
        assertThat(lines.get(2).get("connectionId")).isNotBlank().isNotEqualTo(connection);
        assertThat(lines.toString()).doesNotContain("surabaya", "guess", TOKEN);
    }

    @Test
    void namesNobodyWhoCanBeNoUser() throws IOException {
        refuseLogIns();
        try (RawClient client = gateway.connect()) {
            client.ask("auth se:cret,pass/word guess");
            await().until(() -> !lines.isEmpty());
        }
        assertThat(lines).singleElement().satisfies(line -> assertThat(line).doesNotContainKey("username"));
    }

    @Test
    void tellsWhoResumedAndWhoWasRefused() throws IOException {
        try (RawClient client = gateway.connect()) {
            client.ask("@one resume " + TOKEN);
            client.ask("@two resume");
            client.ask("resume no-token");
            client.ask("@three auth messi surabaya surabaya");
            gateway.services.sessionCommand = command -> SessionResult.newBuilder()
                    .setRefused(ScriptedServices.refused(Refusal.SESSION_UNKNOWN))
                    .build();
            client.ask("@four resume " + TOKEN);
            client.ask("@five logout " + TOKEN);
            await().until(() -> lines.size() == 6);
        }

        assertThat(lines)
                .extracting(line -> line.get("message") + " " + line.get("tag") + " " + line.get("reason"))
                .containsExactly(
                        "session resumed one null",
                        "resume refused two arguments_wrong",
                        "resume refused null session_unknown",
                        "login refused three arguments_wrong",
                        "resume refused four session_unknown",
                        "logout refused five session_unknown");
        assertThat(lines).extracting(line -> line.get("done")).containsOnly("false");
        assertThat(lines).extracting(line -> line.get("address")).doesNotContainNull();
        assertThat(lines.get(0)).containsKey("username");
        assertThat(lines.subList(1, 6)).allSatisfy(line -> assertThat(line).doesNotContainKey("username"));
        assertThat(lines.toString()).doesNotContain("surabaya", TOKEN);
    }

    @Test
    void tellsWhichConnectionAndRequestABugHasBroken() throws IOException {
        gateway.expectComplaint("an answer could not be written");
        try (RawClient client = gateway.connect()) {
            client.ask("@one auth messi surabaya");
            gateway.services.credentials = request -> Future.succeededFuture(CredentialReply.newBuilder()
                    .setLoggedIn(LoggedIn.newBuilder().setToken("no token"))
                    .build());
            assertThat(client.say("@two auth messi surabaya\n").ending()).isEqualTo("reset");
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1))
                .containsEntry("level", "ERROR")
                .containsEntry("message", "an answer could not be written")
                .containsEntry("connectionId", String.valueOf(lines.get(0).get("connectionId")))
                .containsEntry("tag", "two")
                .containsKey("address");
    }

    private void refuseLogIns() {
        gateway.services.credentials = request -> Future.succeededFuture(CredentialReply.newBuilder()
                .setRefused(ScriptedServices.refused(Refusal.PASSWORD_WRONG))
                .build());
    }
}
