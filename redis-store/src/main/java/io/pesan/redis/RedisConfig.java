package io.pesan.redis;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, how to log in, and when a write counts.
 *
 * @param url {@code redis://[user[:password]@]host[:port][/database]}, or {@code rediss://…} for TLS; of Sentinels and Redis
 *     Clusters, several addresses behind each other with commas between
 * @param password takes the place of the url's, if given
 * @param caFile PEM file of the authorities that may have signed the servers' certificates; the platform's if null
 * @param topology what the addresses are those of
 * @param minReplicas how many replicas must have a write before it counts; 0: none
 */
public record RedisConfig(
        String url, @Nullable String password, @Nullable String caFile, Topology topology, int minReplicas) {

    /** What {@link #url} names. */
    public enum Mode {
        /** The one server that takes writes. */
        STANDALONE,
        /** Sentinels, which know the server that takes writes. */
        SENTINEL,
        /** Some of the servers of a Redis Cluster, which know all of them. */
        CLUSTER
    }

    /**
     * How the servers are arranged.
     *
     * @param primary name under which the Sentinels watch the primary; empty without Sentinels
     * @param sentinelPassword what Sentinels ask for; null: nothing
     */
    public record Topology(
            Mode mode, String primary, @Nullable String sentinelPassword) {

        /** One server. */
        public static final Topology STANDALONE = new Topology(Mode.STANDALONE, "", null);

        public Topology {
            if (mode == Mode.SENTINEL && primary.isEmpty()) {
                throw new IllegalArgumentException(
                        "redis.sentinel-master is not set: with redis.mode=sentinel it names the primary");
            }
            if (mode != Mode.SENTINEL && !primary.isEmpty()) {
                throw new IllegalArgumentException("redis.sentinel-master is for redis.mode=sentinel alone");
            }
            if (mode != Mode.SENTINEL && sentinelPassword != null) {
                throw new IllegalArgumentException("redis.sentinel-password is for redis.mode=sentinel alone");
            }
        }

        /** Shows no secret. */
        @Override
        public String toString() {
            return mode + (primary.isEmpty() ? "" : " " + primary);
        }
    }

    public RedisConfig {
        RedisUrl.parse(url, topology.mode());
        if (minReplicas < 0) {
            throw new IllegalArgumentException("redis.min-replicas must not be negative, is " + minReplicas);
        }
    }

    /** One server that is trusted with its own durability. */
    public RedisConfig(String url, @Nullable String password, @Nullable String caFile) {
        this(url, password, caFile, Topology.STANDALONE, 0);
    }

    /** Hosts and ports, for messages: no secrets. */
    public String server() {
        return addresses().stream().map(RedisAddress::toString).collect(Collectors.joining(","));
    }

    /** Whether a write counts only once replicas have it. */
    public boolean isReplicated() {
        return minReplicas > 0;
    }

    /** How its servers share the work. */
    public Mode mode() {
        return topology.mode();
    }

    /** As configured: of servers, or of Sentinels. */
    List<RedisAddress> addresses() {
        return parsed().addresses();
    }

    /** What the client is to connect to, without user and password, for a server that has the data. */
    String connectionString(RedisAddress address) {
        return parsed().scheme() + address + parsed().database();
    }

    /** The same for a Sentinel, which has no databases. */
    String sentinelConnectionString(RedisAddress address) {
        return parsed().scheme() + address;
    }

    @Nullable String user() {
        String user = parsed().userInfo()[0];
        return user.isEmpty() ? null : user;
    }

    /** The password given apart, or else the url's, if there is one. */
    @Nullable String secret() {
        if (password != null) {
            return password;
        }
        String[] userInfo = parsed().userInfo();
        return userInfo.length == 1 ? null : userInfo[1];
    }

    boolean tls() {
        return parsed().tls();
    }

    private RedisUrl parsed() {
        return RedisUrl.parse(url, topology.mode());
    }

    /** Shows no secrets. */
    @Override
    public String toString() {
        return "RedisConfig[" + parsed().scheme() + server() + "]";
    }
}
