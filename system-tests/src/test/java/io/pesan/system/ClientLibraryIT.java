package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.client.ActiveUsers;
import io.pesan.client.ClientOptions;
import io.pesan.client.Identity;
import io.pesan.client.InboxMessage;
import io.pesan.client.Outcome;
import io.pesan.client.PesanClient;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client library that applications and the chat use, against a real node. */
class ClientLibraryIT {

    private static final Username MESSI = new Username("messi");
    private static final Username HENDERSON = new Username("henderson");
    private static final Username PELE = new Username("pele");

    @TempDir
    static Path folder;

    private static final Vertx VERTX = Vertx.vertx();
    private static NodeProcess node;

    private PesanClient messi;
    private PesanClient henderson;

    @BeforeAll
    static void begin() {
        List<String> settings = new ArrayList<>(NodeProcess.CHEAP_HASHES);
        settings.add("accounts.self-registration=true");
        node = NodeProcess.start(folder.resolve("data"), settings);
    }

    @AfterAll
    static void end() {
        node.close();
        Await.result(VERTX.close());
    }

    @BeforeEach
    void connectBoth() {
        messi = connect();
        henderson = connect();
    }

    @AfterEach
    void closeBoth() {
        Await.result(messi.close());
        Await.result(henderson.close());
    }

    @Test
    void delivers() {
        ok(messi.auth(MESSI, "surabaya"));
        ok(henderson.auth(HENDERSON, "surabaya"));
        assertThat(ok(messi.send("t-1", HENDERSON, "¿qué  tal? 😀")).id()).isPresent();
        ok(messi.send(HENDERSON, "hola"));

        assertThat(ok(henderson.inbox()))
                .containsExactly(
                        new InboxMessage(MESSI, "Lionel Messi", "Jordan Henderson", "¿qué  tal? 😀"),
                        new InboxMessage(MESSI, "Lionel Messi", "Jordan Henderson", "hola"));
        assertThat(ok(henderson.inbox())).isEmpty();
        ActiveUsers active = ok(henderson.listUsers());
        assertThat(active.usernames()).contains(MESSI, HENDERSON);
        assertThat(active.next()).isEmpty();
        assertRefused(henderson.send(new Username("nobody"), "hola"), ErrorCode.RECIPIENT_UNKNOWN);
    }

    @Test
    void resumesASessionUntilItIsLoggedOut() {
        Token token = ok(messi.auth(MESSI, "surabaya"));

        assertThat(ok(henderson.resume(token))).isEqualTo(MESSI);
        assertThat(ok(henderson.whoami())).isEqualTo(new Identity(MESSI, "Lionel Messi"));
        ok(messi.logout());

        assertRefused(henderson.whoami(), ErrorCode.SESSION_UNKNOWN);
        assertRefused(henderson.resume(token), ErrorCode.SESSION_UNKNOWN);
    }

    @Test
    void registersAndChangesAPassword() {
        assertThat(ok(messi.register(PELE, "first", "Edson Arantes"))).isEqualTo(PELE);
        assertRefused(messi.register(PELE, "first"), ErrorCode.USER_EXISTS);
        ok(messi.auth(PELE, "first"));
        ok(henderson.auth(PELE, "first"));

        ok(messi.passwd("first", "second"));

        assertRefused(henderson.whoami(), ErrorCode.SESSION_UNKNOWN);
        assertRefused(henderson.auth(PELE, "first"), ErrorCode.PASSWORD_WRONG);
        assertThat(ok(messi.whoami())).isEqualTo(new Identity(PELE, "Edson Arantes"));
    }

    @Test
    void saysGoodBye() {
        assertThat(ok(messi.ping())).isEqualTo("pong");
        assertThat(ok(messi.help())).contains("ping", "quit");
        assertThat(ok(messi.quit())).isEqualTo("Bye");
        Await.result(messi.closed());
    }

    private static PesanClient connect() {
        return Await.result(PesanClient.connect(VERTX, ClientOptions.of("127.0.0.1", node.port())));
    }

    private static <T> T ok(Future<Outcome<T>> outcome) {
        return Await.result(outcome).orThrow();
    }

    private static <T> void assertRefused(Future<Outcome<T>> outcome, ErrorCode code) {
        assertThat(Await.result(outcome))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code.name()));
    }
}
