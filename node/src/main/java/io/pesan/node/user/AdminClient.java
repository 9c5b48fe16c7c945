package io.pesan.node.user;

import io.pesan.node.config.StartFailure;
import io.pesan.node.management.AdminToken;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a node's management endpoint. Its calls block for 10 s at most, and fail in one line. */
final class AdminClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String USERS = "/admin/v1/users";
    private static final int FIRST_ERROR = 400;

    private final URI base;
    private final AdminToken token;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    AdminClient(URI base, AdminToken token) {
        this.base = base;
        this.token = token;
    }

    void add(String username, String password, String name) {
        JsonObject form = new JsonObject()
                .put("username", username)
                .put("password", password)
                .put("name", name);
        send(request(USERS).POST(HttpRequest.BodyPublishers.ofString(form.encode())));
    }

    void setPassword(String username, String password) {
        JsonObject form = new JsonObject().put("password", password);
        send(request(USERS + "/" + username + "/password").POST(HttpRequest.BodyPublishers.ofString(form.encode())));
    }

    void remove(String username) {
        send(request(USERS + "/" + username).DELETE());
    }

    /** Every account, in the order of their names. */
    JsonArray list() {
        JsonArray all = new JsonArray();
        String after = "";
        do {
            JsonObject page =
                    new JsonObject(send(request(USERS + "?after=" + after).GET()));
            all.addAll(page.getJsonArray("users", new JsonArray()));
            after = page.getString("next", "");
        } while (!after.isEmpty());
        return all;
    }

    private HttpRequest.Builder request(String path) {
        String root = base.toString().replaceAll("/+$", "");
        return HttpRequest.newBuilder(URI.create(root + path))
                .timeout(TIMEOUT)
                .header("Authorization", token.authorization())
                .header("Content-Type", "application/json");
    }

    private String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= FIRST_ERROR) {
                throw new StartFailure(base + ": " + error(response));
            }
            return response.body();
        } catch (IOException unreachable) {
            throw new StartFailure(base + ": no node answers there; is it up?", unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted", interrupted);
        }
    }

    private static String error(HttpResponse<String> response) {
        try {
            return new JsonObject(response.body()).getString("error", "HTTP status " + response.statusCode());
        } catch (DecodeException | ClassCastException other) {
            return "HTTP status " + response.statusCode() + " from something that is not a node";
        }
    }
}
