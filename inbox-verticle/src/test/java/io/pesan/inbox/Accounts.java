package io.pesan.inbox;

import io.pesan.contract.protocol.Token;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.Session;
import io.pesan.redis.testing.RedisForTests;
import java.time.Duration;

/** Puts accounts and sessions into Redis as the session service does. */
final class Accounts {

    private Accounts() {}

    /** Adds an account whose full name is its name with a capital before it. */
    static void add(RedisForTests redis, String username) {
        redis.call("HSET", RedisKeys.account(new Username(username)), "name", name(username));
    }

    /** Begins a session of a user; returns its hash. */
    static String session(RedisForTests redis, String username) {
        String hash = Token.random().hash();
        Session session = Session.begin(
                hash, new Username(username), name(username), Duration.ZERO, Duration.ZERO, System.currentTimeMillis());
        redis.call("SET", RedisKeys.session(hash), session.encode());
        return hash;
    }

    static String name(String username) {
        return "User " + username;
    }
}
