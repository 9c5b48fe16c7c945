package io.pesan.node.management;

import io.pesan.contract.log.AuditMarker;
import io.pesan.contract.protocol.Username;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Finds what answers a request: health and metrics for anybody, administration for who shows the administrator's token. */
final class ManagementRouter implements Handler<HttpServerRequest> {

    /** Bytes of a request's body. */
    private static final int LARGEST_BODY = 64 * 1024;

    /** Of a path, in a log. */
    private static final int LONGEST_PATH = 200;

    private static final long BODY_PATIENCE_MILLIS = 10_000;

    private static final String METRICS = "/metrics";
    private static final String ADMIN = "/admin/";
    private static final String USERS = "/admin/v1/users";
    private static final String LOGGING = "/admin/v1/logging";
    private static final String NODES = "/admin/v1/nodes";
    private static final String PASSWORD = "/password";
    private static final Logger LOG = LoggerFactory.getLogger(ManagementRouter.class);

    private final Health health;
    private final AccountAdministration accounts;
    private final NodeRoll nodes;
    private final LogLevels levels = new LogLevels();
    private final MetricsPage metrics;
    private final AdminToken token;

    ManagementRouter(
            Health health, AccountAdministration accounts, NodeRoll nodes, MetricsPage metrics, AdminToken token) {
        this.metrics = metrics;
        this.health = health;
        this.accounts = accounts;
        this.nodes = nodes;
        this.token = token;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Future<Void> answered = request.path() != null
                        && request.path().equals(METRICS)
                        && request.method().equals(HttpMethod.GET)
                        && metrics.isThere()
                ? metrics.show(request)
                : answer(request);
        answered.onFailure(gone ->
                LOG.atDebug().addKeyValue("failure", String.valueOf(gone)).log("an answer was not taken"));
    }

    private Future<Void> answer(HttpServerRequest request) {
        return routeSafely(request)
                .recover(bug -> {
                    LOG.atError()
                            .setCause(bug)
                            .addKeyValue("address", String.valueOf(request.remoteAddress()))
                            .addKeyValue("path", request.path())
                            .log("a request failed");
                    return Future.succeededFuture(Answer.error(Answer.FAILED, "internal error"));
                })
                .compose(answer -> reply(request, answer));
    }

    /** What is thrown would leave the request without an answer. */
    private Future<Answer> routeSafely(HttpServerRequest request) {
        try {
            return route(request);
        } catch (RuntimeException bug) {
            return Future.failedFuture(bug);
        }
    }

    private Future<Answer> route(HttpServerRequest request) {
        return switch (String.valueOf(request.path())) {
            case "/health/live" -> get(request, health.live());
            case "/health/ready" -> get(request, health.ready());
            case "/health/started" -> get(request, health.started());
            default -> request.path().startsWith(ADMIN) ? administer(request) : notFound();
        };
    }

    private Future<Answer> administer(HttpServerRequest request) {
        return permitted(request).onSuccess(answer -> audit(request, answer));
    }

    /** What only looks is of no interest, unless it was refused. */
    private static void audit(HttpServerRequest request, Answer answer) {
        boolean refused = answer.status() == Answer.UNAUTHORIZED;
        boolean looks = request.method().equals(HttpMethod.GET);
        LoggingEventBuilder line = LOG.atLevel(looks && !refused ? Level.DEBUG : Level.INFO);
        (refused ? line : line.addMarker(AuditMarker.DONE))
                .addKeyValue("address", String.valueOf(request.remoteAddress()))
                .addKeyValue("method", request.method().name())
                .addKeyValue("path", shortened(request.path()))
                .addKeyValue("status", answer.status())
                .log(refused ? "administration refused" : "administration");
    }

    private static String shortened(String path) {
        return path.substring(0, Math.min(path.length(), LONGEST_PATH));
    }

    private Future<Answer> permitted(HttpServerRequest request) {
        if (!token.isShownBy(request.getHeader(HttpHeaders.AUTHORIZATION))) {
            return Future.succeededFuture(Answer.error(Answer.UNAUTHORIZED, "show the administrator's token"));
        } else if (request.path().equals(USERS)) {
            return users(request);
        } else if (request.path().equals(NODES)) {
            return request.method().equals(HttpMethod.GET) ? nodes.call() : notAllowed();
        } else if (request.path().equals(LOGGING)) {
            return logging(request);
        } else if (!request.path().startsWith(USERS + "/")) {
            return notFound();
        }
        String rest = request.path().substring(USERS.length() + 1);
        boolean password = rest.endsWith(PASSWORD);
        String username = password ? rest.substring(0, rest.length() - PASSWORD.length()) : rest;
        if (!Username.isValid(username)) {
            return notFound();
        }
        return password ? password(request, username) : user(request, username);
    }

    private Future<Answer> users(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.POST)) {
            return withForm(request, accounts::add);
        } else if (!request.method().equals(HttpMethod.GET)) {
            return notAllowed();
        }
        String after;
        String limit;
        try {
            after = request.getParam("after", "");
            limit = request.getParam("limit", String.valueOf(AccountAdministration.LARGEST_PAGE));
        } catch (IllegalArgumentException malformed) {
            return badRequest("the query is not percent-encoded");
        }
        if (!after.isEmpty() && !Username.isValid(after)) {
            return badRequest("after must be a username");
        } else if (!limit.matches("\\d{1,4}")
                || Integer.parseInt(limit) < 1
                || Integer.parseInt(limit) > AccountAdministration.LARGEST_PAGE) {
            return badRequest("limit must be 1 to " + AccountAdministration.LARGEST_PAGE);
        }
        return accounts.list(after, Integer.parseInt(limit));
    }

    private Future<Answer> user(HttpServerRequest request, String username) {
        return request.method().equals(HttpMethod.DELETE) ? accounts.remove(username) : notAllowed();
    }

    private Future<Answer> password(HttpServerRequest request, String username) {
        return request.method().equals(HttpMethod.POST)
                ? withForm(request, form -> accounts.setPassword(username, form))
                : notAllowed();
    }

    private Future<Answer> logging(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.GET)) {
            return Future.succeededFuture(levels.show());
        }
        return request.method().equals(HttpMethod.POST)
                ? withBody(
                        request,
                        body -> Future.succeededFuture(levels.change(body, String.valueOf(request.remoteAddress()))))
                : notAllowed();
    }

    private static Future<Answer> withForm(
            HttpServerRequest request, Function<AccountJson.Form, Future<Answer>> operation) {
        return withBody(request, body -> {
            AccountJson.Form form = AccountJson.read(body);
            return form == null
                    ? badRequest("the body must be a JSON object of username, password and name")
                    : operation.apply(form);
        });
    }

    private static Future<Answer> withBody(HttpServerRequest request, Function<Buffer, Future<Answer>> operation) {
        Future<Buffer> whole = body(request).timeout(BODY_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        return whole.transform(arrived -> {
            if (arrived.failed()) {
                return badRequest("the body did not arrive");
            }
            Buffer body = arrived.result();
            if (body.length() > LARGEST_BODY) {
                return Future.succeededFuture(
                        Answer.error(Answer.TOO_LARGE, "a body may have " + LARGEST_BODY + " bytes"));
            }
            return operation.apply(body);
        });
    }

    /** Whole, or its beginning if it is too large: then longer than {@link #LARGEST_BODY}. */
    private static Future<Buffer> body(HttpServerRequest request) {
        Promise<Buffer> body = Promise.promise();
        Buffer received = Buffer.buffer();
        request.handler(part -> {
            if (received.length() <= LARGEST_BODY) {
                received.appendBuffer(part);
            }
            if (received.length() > LARGEST_BODY) {
                body.tryComplete(received);
            }
        });
        request.endHandler(end -> body.tryComplete(received));
        request.exceptionHandler(body::tryFail);
        return body.future();
    }

    private static Future<Void> reply(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response().setStatusCode(answer.status());
        if (answer.status() == Answer.UNAUTHORIZED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        } else if (answer.status() == Answer.TOO_LARGE) {
            // The rest of the body is not read.
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        if (answer.body() == null) {
            return response.end();
        }
        return response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(answer.body().toBuffer());
    }

    private static Future<Answer> get(HttpServerRequest request, Answer answer) {
        return request.method().equals(HttpMethod.GET) ? Future.succeededFuture(answer) : notAllowed();
    }

    private static Future<Answer> notFound() {
        return Future.succeededFuture(Answer.error(Answer.NOT_FOUND, "there is nothing here"));
    }

    private static Future<Answer> notAllowed() {
        return Future.succeededFuture(Answer.error(Answer.METHOD_NOT_ALLOWED, "not with this method"));
    }

    private static Future<Answer> badRequest(String message) {
        return Future.succeededFuture(Answer.error(Answer.BAD_REQUEST, message));
    }
}
