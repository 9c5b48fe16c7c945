package io.pesan.redis;

import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisOptions;

/** What the Redis client is told for one held connection. */
final class RedisClientOptions {

    /** Enough to log in and to ask a question. */
    static final int FEW_WAITING = 8;

    private RedisClientOptions() {}

    /** For a server that has the data. */
    static RedisOptions of(RedisConfig config, RedisAddress server, long connectTimeoutMillis, int maxWaiting) {
        // User and password go apart: the client would prefer the url's password to the one given apart.
        return any(config, connectTimeoutMillis, maxWaiting)
                .setUser(config.user())
                .setPassword(config.secret())
                .setConnectionString(config.connectionString(server));
    }

    /** For a Sentinel. */
    static RedisOptions ofSentinel(RedisConfig config, RedisAddress sentinel, long connectTimeoutMillis) {
        return any(config, connectTimeoutMillis, FEW_WAITING)
                .setPassword(config.topology().sentinelPassword())
                .setConnectionString(config.sentinelConnectionString(sentinel));
    }

    private static RedisOptions any(RedisConfig config, long connectTimeoutMillis, int maxWaiting) {
        return new RedisOptions()
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                // Held for its whole life: neither the pool's cleaner nor its age limit may take it away.
                .setPoolCleanerInterval(0)
                .setPoolRecycleTimeout(-1)
                .setMaxWaitingHandlers(maxWaiting)
                .setNetClientOptions(net(config, connectTimeoutMillis));
    }

    private static NetClientOptions net(RedisConfig config, long connectTimeoutMillis) {
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout((int) connectTimeoutMillis)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
        if (config.tls()) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
            if (config.caFile() != null) {
                net.setTrustOptions(new PemTrustOptions().addCertPath(config.caFile()));
            }
        }
        return net;
    }
}
