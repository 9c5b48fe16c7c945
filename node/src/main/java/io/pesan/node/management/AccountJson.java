package io.pesan.node.management;

import io.pesan.contract.bus.proto.Account;
import io.pesan.contract.bus.proto.AccountPage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How accounts are written in JSON. */
final class AccountJson {

    /** An account to add, or the new password of one. A field that is not there is empty. */
    record Form(String username, String password, String name) {}

    private static final Set<String> FIELDS = Set.of("username", "password", "name");

    private AccountJson() {}

    /** Null if the body is not an object of these fields, all of them text. */
    static @Nullable Form read(Buffer body) {
        try {
            JsonObject json = new JsonObject(body);
            if (!FIELDS.containsAll(json.fieldNames())
                    || !json.stream().allMatch(field -> field.getValue() instanceof String)) {
                return null;
            }
            return new Form(json.getString("username", ""), json.getString("password", ""), json.getString("name", ""));
        } catch (DecodeException | ClassCastException malformed) {
            return null;
        }
    }

    static JsonObject write(AccountPage page) {
        JsonArray users = new JsonArray();
        page.getAccountsList().forEach(account -> users.add(write(account)));
        JsonObject json = new JsonObject().put("users", users);
        return page.getNext().isEmpty() ? json : json.put("next", page.getNext());
    }

    private static JsonObject write(Account account) {
        return new JsonObject()
                .put("username", account.getUsername())
                .put("name", account.getName())
                .put(
                        "created_at",
                        Instant.ofEpochMilli(account.getCreatedAtMs()).toString())
                .put("sessions", account.getSessions())
                .put("pending_messages", account.getPendingMessages());
    }
}
