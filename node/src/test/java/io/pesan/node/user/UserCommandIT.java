package io.pesan.node.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.node.Nodes;
import io.pesan.node.PesanMain;
import io.pesan.node.PesanNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pesan user} against a real node. */
class UserCommandIT {

    @TempDir
    private static Path folder;

    private static PesanNode node;

    @BeforeAll
    static void start() throws Exception {
        node = Nodes.of(Nodes.aloneSettings(folder));
        Nodes.await(node.start());
    }

    @AfterAll
    static void stop() throws Exception {
        Nodes.await(node.stop());
    }

    @Test
    void addsListsAndRemovesAnAccountAndSetsItsPassword() {
        assertThat(user("surabaya\n", "add", "pele", "--name", "Pele")).isEqualTo("0: added pele");
        assertThat(user("surabaya\n", "add", "pele")).startsWith("1: ").endsWith("there is such a user already");
        assertThat(user("", "list")).startsWith("0: ").contains("pele").contains("Lionel Messi");
        assertThat(user("other\n", "passwd", "pele")).isEqualTo("0: changed the password of pele");
        assertThat(user("", "remove", "pele")).isEqualTo("0: removed pele");
        assertThat(user("", "remove", "pele")).startsWith("1: ").endsWith("there is no such user");
        assertThat(user("two words\n", "add", "pele")).startsWith("1: pesan: a password is");
        assertThat(user("sura\u001bbaya\n", "add", "pele"))
                .startsWith("1: pesan: a password is")
                .endsWith("control characters, which no client could send");
        assertThat(user("", "add", "not a name")).startsWith("1: pesan: a username is");
        assertThat(user("", "add")).startsWith("2: pesan: ");
    }

    @Test
    void showsNamesThatWouldReorderOrBreakTheListAsCodePoints() {
        assertThat(user("surabaya\n", "add", "zico", "--name", "Zico \u202e\u2066\u2028admin"))
                .isEqualTo("0: added zico");

        assertThat(user("", "list")).contains("  Zico <U+202E><U+2066><U+2028>admin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://my_host:9889",
                "http:///",
                "http://",
                "ftp://127.0.0.1:9889",
                "http://127.0.0.1:99999",
                "http://127.0.0.1:9889/?a=b",
                "127.0.0.1:9889",
                "http://a b",
            })
    void refusesInOneLineWhereNobodyCanBeAsked(String url) {
        assertThat(userAt(url, "", "list"))
                .isEqualTo("1: pesan: --management-url " + url + ": must be http://HOST:PORT or https://HOST:PORT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"management.host=my_host", "management.host=a b", "management.port=0"})
    void refusesInOneLineWhereTheConfigurationNamesNobody(String setting) {
        StringWriter out = new StringWriter();
        int status = PesanMain.commandLine().setErr(new PrintWriter(out)).execute("user", "list", "--set", setting);

        assertThat(status).isEqualTo(1);
        assertThat(out.toString().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("pesan: management.host and management.port (http://"));
    }

    private static String user(String input, String... arguments) {
        return userAt("http://127.0.0.1:" + node.managementPort(), input, arguments);
    }

    private static String userAt(String url, String input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            StringWriter out = new StringWriter();
            int status = PesanMain.commandLine()
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(out))
                    .execute(Stream.concat(
                                    Stream.of(
                                            "user",
                                            arguments[0],
                                            "--management-url",
                                            url,
                                            "--token-file",
                                            folder.resolve("admin-token").toString()),
                                    Arrays.stream(arguments).skip(1))
                            .toArray(String[]::new));
            return status + ": " + out.toString().strip();
        } finally {
            System.setIn(before);
        }
    }
}
