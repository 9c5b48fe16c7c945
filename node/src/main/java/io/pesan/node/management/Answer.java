package io.pesan.node.management;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP request is answered.
 *
 * @param status HTTP status
 * @param body null: none
 */
record Answer(int status, @Nullable JsonObject body) {

    static final int OK = 200;
    static final int CREATED = 201;
    static final int NO_CONTENT = 204;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int CONFLICT = 409;
    static final int TOO_LARGE = 413;
    static final int TOO_MANY = 429;
    static final int FAILED = 500;
    static final int UNAVAILABLE = 503;

    static Answer error(int status, String message) {
        return new Answer(status, new JsonObject().put("error", message));
    }

    static Answer noContent() {
        return new Answer(NO_CONTENT, null);
    }
}
