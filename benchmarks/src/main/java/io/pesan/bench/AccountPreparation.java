package io.pesan.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Creates accounts through the management endpoint, a few at a time: the server hashes a password for each. */
final class AccountPreparation {

    private static final int AT_ONCE = 4;
    private static final int ATTEMPTS = 50;
    private static final long RETRY_MILLIS = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final int CREATED = 201;
    private static final int EXISTS = 409;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI users;
    private final String token;

    AccountPreparation(URI management, String token) {
        this.users = management.resolve("/admin/v1/users");
        this.token = token;
    }

    /** Creates those that don't exist; returns when all do. */
    void create(List<Account> accounts) {
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> created = new ArrayList<>();
            accounts.forEach(account -> created.add(workers.submit(() -> create(account))));
            for (Future<?> each : created) {
                each.get();
            }
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof BenchException known
                    ? known
                    : new BenchException("can't create accounts at " + users, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupted);
        } finally {
            workers.shutdownNow();
        }
    }

    private void create(Account account) {
        JsonObject body = new JsonObject()
                .put("username", account.username())
                .put("password", account.password())
                .put("name", account.username());
        HttpRequest request = HttpRequest.newBuilder(users)
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))
                .build();
        int status = UNAVAILABLE;
        for (int attempt = 0; attempt < ATTEMPTS && (status == TOO_MANY || status == UNAVAILABLE); attempt++) {
            status = status(request, attempt);
        }
        if (status != CREATED && status != EXISTS) {
            throw new BenchException("can't create " + account.username() + " at " + users + ": status " + status);
        }
    }

    private int status(HttpRequest request, int attempt) {
        try {
            if (attempt > 0) {
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
            HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
            return response.statusCode();
        } catch (IOException failure) {
            throw new BenchException("no answer from " + users + " (--management-url)", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupted);
        }
    }
}
