package io.pesan.node.config;

import io.netty.util.internal.PlatformDependent;
import io.pesan.gateway.GatewayConfig;
import io.pesan.gateway.GatewayLimits;
import io.pesan.gateway.GatewayTimeouts;
import io.pesan.gateway.ListenAddress;
import io.pesan.inbox.InboxConfig;
import io.pesan.redis.RedisConfig;
import io.pesan.session.PasswordHashing;
import io.pesan.session.SessionConfig;
import io.pesan.session.SessionLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The records that the verticles are given. */
public final class VerticleConfigs {

    private VerticleConfigs() {}

    /** For one of {@code instances} gateways that share the node's connections; each takes at least one. */
    public static GatewayConfig gateway(Configuration from, int port, int instances) {
        int maxConnections = from.get(ConfigKeys.GATEWAY_MAX_CONNECTIONS);
        GatewayLimits limits = new GatewayLimits(
                Math.toIntExact(from.get(ConfigKeys.GATEWAY_MAX_LINE_BYTES)),
                -Math.floorDiv(-maxConnections, instances),
                from.get(ConfigKeys.GATEWAY_MAX_PIPELINED),
                Math.toIntExact(from.get(ConfigKeys.GATEWAY_MAX_PENDING_WRITE_BYTES)),
                Math.max(1, maxBufferedBytes(from.get(ConfigKeys.GATEWAY_MAX_BUFFERED_BYTES)) / instances));
        GatewayTimeouts timeouts = new GatewayTimeouts(
                from.get(ConfigKeys.GATEWAY_FIRST_AUTH_TIMEOUT),
                from.get(ConfigKeys.GATEWAY_LINE_TIMEOUT),
                from.get(ConfigKeys.GATEWAY_IDLE_TIMEOUT),
                from.get(ConfigKeys.GATEWAY_LEGACY_IDLE_TIMEOUT),
                from.get(ConfigKeys.GATEWAY_WRITE_TIMEOUT),
                from.get(ConfigKeys.GATEWAY_DRAIN_TIMEOUT));
        return new GatewayConfig(
                from.get(ConfigKeys.NODE_ID),
                listen(from, port),
                limits,
                timeouts,
                from.get(ConfigKeys.ACCOUNTS_SELF_REGISTRATION));
    }

    /**
     * More than a quarter of the heap and the node would run out of memory before anybody is reset; and so it would out of direct
     * memory, to which the system's writes are copied, with more than half of that.
     */
    private static long maxBufferedBytes(long wanted) {
        long most = Math.min(Runtime.getRuntime().maxMemory() / 4, PlatformDependent.maxDirectMemory() / 2);
        return wanted == 0 ? most : Math.min(wanted, most);
    }

    private static ListenAddress listen(Configuration from, int port) {
        List<String> proxies = from.get(ConfigKeys.GATEWAY_PROXY_PROTOCOL_FROM);
        if (!from.get(ConfigKeys.GATEWAY_PROXY_PROTOCOL)) {
            // Not used, but no nonsense either.
            new ListenAddress(from.get(ConfigKeys.GATEWAY_HOST), port, proxies);
            proxies = List.of();
        } else if (proxies.isEmpty()) {
            throw new StartFailure(
                    "gateway.proxy-protocol-from is empty: with gateway.proxy-protocol=true it must name the"
                            + " networks of the load balancers");
        }
        return new ListenAddress(from.get(ConfigKeys.GATEWAY_HOST), port, proxies);
    }

    public static SessionConfig session(Configuration from) {
        SessionLimits sessions = new SessionLimits(
                from.get(ConfigKeys.SESSIONS_IDLE_TIMEOUT),
                from.get(ConfigKeys.SESSIONS_LIFETIME),
                from.get(ConfigKeys.SESSIONS_PER_USER));
        PasswordHashing hashing = new PasswordHashing(
                from.get(ConfigKeys.PASSWORD_HASH_MEMORY_KIB),
                from.get(ConfigKeys.PASSWORD_HASH_ITERATIONS),
                from.get(ConfigKeys.PASSWORD_HASH_PARALLELISM),
                from.get(ConfigKeys.PASSWORD_HASH_WORKERS),
                from.get(ConfigKeys.PASSWORD_HASH_QUEUE));
        boolean uniform = from.get(ConfigKeys.SECURITY_AUTH_ERRORS).equals("uniform");
        return new SessionConfig(sessions, hashing, uniform, from.get(ConfigKeys.LIMITS_LIST_USERS));
    }

    public static InboxConfig inbox(Configuration from) {
        return new InboxConfig(
                from.get(ConfigKeys.INBOX_MAX_MESSAGES),
                from.get(ConfigKeys.INBOX_MAX_BYTES),
                from.get(ConfigKeys.GATEWAY_MAX_LINE_BYTES).intValue(),
                from.get(ConfigKeys.INBOX_RETENTION),
                from.get(ConfigKeys.INBOX_IDEMPOTENCY_WINDOW));
    }

    /** The external servers. */
    public static RedisConfig redis(Configuration from) {
        RedisConfig.Topology topology = new RedisConfig.Topology(
                RedisConfig.Mode.valueOf(from.get(ConfigKeys.REDIS_MODE).toUpperCase(Locale.ROOT)),
                from.get(ConfigKeys.REDIS_SENTINEL_MASTER),
                nullIfEmpty(from.get(ConfigKeys.REDIS_SENTINEL_PASSWORD)));
        boolean replicated = from.get(ConfigKeys.REDIS_DURABILITY).equals("replicated");
        return new RedisConfig(
                from.get(ConfigKeys.REDIS_URL),
                nullIfEmpty(from.get(ConfigKeys.REDIS_PASSWORD)),
                nullIfEmpty(from.get(ConfigKeys.REDIS_CA_FILE)),
                topology,
                replicated ? from.get(ConfigKeys.REDIS_MIN_REPLICAS) : 0);
    }

    /**
     * Sees whether the file is there that {@code redis.ca-file} names, if it does.
     *
     * @throws StartFailure naming it
     */
    public static void requireRedisCaFile(Configuration from) {
        String path = from.get(ConfigKeys.REDIS_CA_FILE);
        if (!path.isEmpty()) {
            PemFile file = new PemFile(ConfigKeys.REDIS_CA_FILE.name(), Path.of(path));
            file.certificates(file.read());
        }
    }

    /** Rules that span several keys live in the records: building them all shows whether they hold. */
    static void check(Configuration from) {
        try {
            PortRules.check(from);
            gateway(from, from.get(ConfigKeys.GATEWAY_PORT), 1);
            session(from);
            inbox(from);
            if (!from.get(ConfigKeys.REDIS_URL).isEmpty()) {
                redis(from);
            } else {
                refuseForEmbeddedRedis(from);
            }
        } catch (IllegalArgumentException broken) {
            throw new StartFailure(String.valueOf(broken.getMessage()) + from.originOfKeyIn(broken), broken);
        }
    }

    /** It is one server without replicas. A node that uses none lets the keys be: they may be all nodes'. */
    private static void refuseForEmbeddedRedis(Configuration from) {
        if (!from.usesRedis()) {
            return;
        }
        if (!from.get(ConfigKeys.REDIS_MODE).equals("standalone")) {
            throw new IllegalArgumentException("redis.mode is " + from.get(ConfigKeys.REDIS_MODE)
                    + ", but redis.url is empty: name the servers there");
        }
        if (!from.get(ConfigKeys.REDIS_DURABILITY).equals("server")) {
            throw new IllegalArgumentException(
                    "redis.durability is replicated, but redis.url is empty: the embedded Redis has no replicas");
        }
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
