package io.pesan.node.management;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pesan.node.Nodes;
import io.pesan.node.PesanMain;
import io.pesan.node.PesanNode;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The endpoint of a real node, and the command that watches it. */
class ManagementIT {

    private static final String USERS = "/admin/v1/users";

    @TempDir
    private static Path folder;

    private static PesanNode node;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        node = Nodes.of(Nodes.aloneSettings(folder));
        Nodes.await(node.start());
    }

    @AfterAll
    static void stop() throws Exception {
        Nodes.await(node.stop());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/health/live    | {\"status\":\"up\",\"checks\":{\"event-loops\":\"up\"}}",
                "/health/ready   | {\"status\":\"up\",\"checks\":{\"node\":\"up\",\"redis\":\"up\"}}",
                "/health/started | {\"status\":\"up\",\"checks\":{\"node\":\"up\"}}",
            })
    void isHealthy(String path, String body) throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri(path)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void showsMetricsToAnybody() throws Exception {
        HttpResponse<String> text = send(HttpRequest.newBuilder(uri("/metrics")));
        HttpResponse<String> open =
                send(HttpRequest.newBuilder(uri("/metrics")).header("Accept", "application/openmetrics-text"));

        assertThat(text.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(text.body()).contains("pesan_redis_connected 1.0", "pesan_cluster_members 1.0", "jvm_memory_used");
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void answersEveryScrapeOfAFlood() {
        List<CompletableFuture<Integer>> scrapes = IntStream.range(0, 200)
                .mapToObj(i -> HTTP.sendAsync(
                                HttpRequest.newBuilder(uri("/metrics")).build(), HttpResponse.BodyHandlers.ofString())
                        .thenApply(answer -> {
                            assertThat(answer.body())
                                    .contains(
                                            answer.statusCode() == 200 ? "pesan_redis_connected" : "too many scrapes");
                            return answer.statusCode();
                        }))
                .toList();

        assertThat(scrapes.stream().map(CompletableFuture::join)).contains(200).isSubsetOf(200, 503);
    }

    @Test
    void topPrintsOneTableOfAllNodesAndSaysWhoDoesNotAnswer() {
        StringWriter out = new StringWriter();
        String own = "127.0.0.1:" + node.managementPort();
        int status = PesanMain.commandLine()
                .setOut(new PrintWriter(out))
                .execute("top", "--once", "--interval", "1", own, "127.0.0.1:1", "nowhere.invalid");

        assertThat(status).as("one could not be asked").isEqualTo(1);
        assertThat(out.toString().lines())
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).startsWith(own).contains(" up "))
                .anySatisfy(line -> assertThat(line).startsWith("127.0.0.1:1").contains("does not answer"))
                .anySatisfy(line ->
                        assertThat(line).startsWith("nowhere.invalid:9889").contains("no such host"));
        assertThat(out.toString()).as("nothing for a terminal's eyes alone").doesNotContain("\033");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:99999", "ftp://127.0.0.1", "http://", "a b", "127.0.0.1:x", ""})
    void topRefusesWhatIsNoEndpointInOneLine(String endpoint) {
        StringWriter out = new StringWriter();
        int status = PesanMain.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute("top", "--once", endpoint);

        assertThat(status).isNotZero();
        assertThat(out.toString().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("not a host and port, or URL, of a management endpoint"));
    }

    @Test
    void changesLogLevelsWhileItRuns() throws Exception {
        String token =
                "Bearer " + Files.readString(folder.resolve("admin-token")).strip();
        HttpResponse<String> changed = send(HttpRequest.newBuilder(uri("/admin/v1/logging"))
                .header("Authorization", token)
                .POST(HttpRequest.BodyPublishers.ofString("{\"level\":\"debug\",\"logger\":\"io.pesan.nobody\"}")));
        HttpResponse<String> refused = send(HttpRequest.newBuilder(uri("/admin/v1/logging"))
                .header("Authorization", token)
                .POST(HttpRequest.BodyPublishers.ofString("{\"level\":\"loud\"}")));

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.body()).contains("\"io.pesan.nobody\":\"debug\"");
        assertThat(LoggerFactory.getLogger("io.pesan.nobody").isDebugEnabled()).isTrue();
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(send(HttpRequest.newBuilder(uri("/admin/v1/logging"))).statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "error"})
    void tellsWhoSilencedTheLogAndWhoLetItSpeakAgain(String quiet) throws Exception {
        Logger ours = (Logger) LoggerFactory.getLogger("io.pesan");
        Level before = ours.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ours.addAppender(log);
        try {
            ours.setLevel(Level.INFO);
            admin("POST", "/admin/v1/logging", "{\"level\":\"" + quiet + "\"}");
            assertThat(ours.isWarnEnabled()).isFalse();
            admin("POST", "/admin/v1/logging", "{\"level\":\"info\"}");
        } finally {
            ours.detachAppender(log);
            ours.setLevel(before);
        }
        assertThat(log.list.stream()
                        .filter(line -> line.getMessage().equals("the log level was changed"))
                        .map(line -> String.valueOf(line.getKeyValuePairs())))
                .hasSize(2)
                .allMatch(keys -> keys.contains("127.0.0.1:"))
                .anyMatch(keys -> keys.contains("to=\"" + quiet + "\""))
                .anyMatch(keys -> keys.contains("to=\"info\""));
    }

    @Test
    void answersAQueryThatIsNoPercentEncoding() throws Exception {
        String token = Files.readString(folder.resolve("admin-token")).strip();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.managementPort())) {
            socket.setSoTimeout(5_000);
            String request =
                    "GET " + USERS + "?after=%zz HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer " + token + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine())
                    .isEqualTo("HTTP/1.1 400 Bad Request");
        }
    }

    @Test
    void addsListsAndRemovesAnAccountAndSetsItsPassword() throws Exception {
        JsonObject diego = new JsonObject()
                .put("username", "diego")
                .put("password", "surabaya")
                .put("name", "Diego Maradona");

        assertThat(admin("POST", USERS, diego.encode()).statusCode()).isEqualTo(201);
        assertThat(admin("POST", USERS, diego.encode()).statusCode()).isEqualTo(409);
        assertThat(admin("GET", USERS + "?limit=1", "").body()).contains("\"next\":\"diego\"");
        assertThat(admin("GET", USERS, "").body()).contains("\"username\":\"diego\",\"name\":\"Diego Maradona\"");
        assertThat(admin("POST", USERS + "/diego/password", "{\"password\":\"other\"}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(admin("DELETE", USERS + "/diego", "").statusCode()).isEqualTo(204);
        assertThat(admin("DELETE", USERS + "/diego", "").statusCode()).isEqualTo(404);
        assertThat(admin("POST", USERS + "/diego/password", "{\"password\":\"other\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /                               |                                         | 404",
                "GET    | /admin/v1/nothing               |                                         | 404",
                "POST   | /health/live                    |                                         | 405",
                "PUT    | /admin/v1/users                 | {}                                      | 405",
                "GET    | /admin/v1/users/messi           |                                         | 405",
                "GET    | /admin/v1/users?limit=0         |                                         | 400",
                "GET    | /admin/v1/users?after=%20       |                                         | 400",
                "POST   | /admin/v1/users                 | nonsense                                | 400",
                "POST   | /admin/v1/users                 | []                                      | 400",
                "POST   | /admin/v1/users                 | {\"username\":1}                        | 400",
                "POST   | /admin/v1/users                 | {\"username\":null,\"password\":null}   | 400",
                "POST   | /admin/v1/users                 | {\"username\":\"a\",\"pasword\":\"x\"}  | 400",
                "POST   | /admin/v1/users                 | {\"username\":\"a b\",\"password\":\"x\"} | 400",
                "POST   | /admin/v1/users                 | {\"username\":\"a\",\"password\":\"\"}  | 400",
                "POST   | /admin/v1/users/messi/password | {\"password\":\"sura\\u001bbaya\"} | 400",
                "DELETE | /admin/v1/users/a%20b           |                                         | 404",
            })
    void refusesWhatItDoesNotUnderstand(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = admin(method, path, body == null ? "" : body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getString("error")).isNotBlank();
    }

    @Test
    void refusesALargeBody() throws Exception {
        assertThat(admin("POST", USERS, " ".repeat(70_000)).statusCode()).isEqualTo(413);
    }

    @Test
    void refusesWhoDoesNotShowTheToken() throws Exception {
        assertThat(send(HttpRequest.newBuilder(uri(USERS))).statusCode()).isEqualTo(401);
        assertThat(send(HttpRequest.newBuilder(uri(USERS)).header("Authorization", "Bearer guess"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(Files.getPosixFilePermissions(folder.resolve("admin-token")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private static HttpResponse<String> admin(String method, String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(uri(path))
                .header(
                        "Authorization",
                        AdminToken.read(folder.resolve("admin-token")).authorization())
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + node.managementPort() + path);
    }
}
