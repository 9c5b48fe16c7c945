package io.pesan.node.config;

import static io.pesan.node.config.ValueType.bool;
import static io.pesan.node.config.ValueType.choice;
import static io.pesan.node.config.ValueType.choices;
import static io.pesan.node.config.ValueType.duration;
import static io.pesan.node.config.ValueType.integer;
import static io.pesan.node.config.ValueType.list;
import static io.pesan.node.config.ValueType.name;
import static io.pesan.node.config.ValueType.nonEmptyText;
import static io.pesan.node.config.ValueType.port;
import static io.pesan.node.config.ValueType.size;
import static io.pesan.node.config.ValueType.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every key that a node understands, with its default: the one place where a default is written down. */
public final class ConfigKeys {

    private static final List<ConfigKey<?>> TABLE = new ArrayList<>();
    private static final int MILLION = 1_000_000;
    private static final long KIB = 1024;
    private static final long MIB = KIB * KIB;

    public static final ConfigKey<String> NODE_ID = key("node.id", name(), null, "This node's name; the host's name");
    public static final ConfigKey<List<String>> NODE_ROLES = key(
            "node.roles",
            choices("gateway", "session", "inbox"),
            "gateway, session, inbox",
            "What this node does; a subset only in a cluster");

    public static final ConfigKey<String> GATEWAY_HOST =
            key("gateway.host", nonEmptyText(), "127.0.0.1", "Address that clients connect to; 0.0.0.0: all of them");
    public static final ConfigKey<Integer> GATEWAY_PORT =
            key("gateway.port", port(), "8889", "Port of the chat protocol");
    public static final ConfigKey<Long> GATEWAY_MAX_LINE_BYTES =
            key("gateway.max-line-bytes", size(256, 16 * MIB), "64KiB", "Longest request line; never unlimited");
    public static final ConfigKey<Integer> GATEWAY_MAX_CONNECTIONS =
            key("gateway.max-connections", integer(0, 10 * MILLION), "100000", "Client connections of this node");
    public static final ConfigKey<Integer> GATEWAY_MAX_CONNECTIONS_PER_ADDRESS = key(ConfigKey.of(
                    "gateway.max-connections-per-address",
                    integer(0, 10 * MILLION),
                    "0",
                    "Client connections from one address; unlimited, as a load balancer hides addresses")
            .warnedFor(limit -> limit > 0));
    public static final ConfigKey<Duration> GATEWAY_FIRST_AUTH_TIMEOUT = key(
            "gateway.first-auth-timeout",
            duration(),
            "5m",
            "From connecting to the first command with a valid session");
    public static final ConfigKey<Duration> GATEWAY_LINE_TIMEOUT =
            key("gateway.line-timeout", duration(), "60s", "From a line's first byte to its last");
    public static final ConfigKey<Duration> GATEWAY_IDLE_TIMEOUT =
            key("gateway.idle-timeout", duration(), "10m", "Silence on a connection that used the newer commands");
    public static final ConfigKey<Duration> GATEWAY_LEGACY_IDLE_TIMEOUT = key(
            "gateway.legacy-idle-timeout", duration(), "0", "Silence on a connection that used only the first five");
    public static final ConfigKey<Long> GATEWAY_MAX_PENDING_WRITE_BYTES = key(
            "gateway.max-pending-write-bytes",
            size(1, 1024 * MIB),
            "1MiB",
            "Replies waiting for one slow reader; with more its commands wait and its socket is not read; never unlimited");
    public static final ConfigKey<Long> GATEWAY_MAX_BUFFERED_BYTES = key(
            "gateway.max-buffered-bytes",
            size(0, 1024L * 1024 * MIB),
            "256MiB",
            "Unfinished lines and waiting replies of all clients, at most a quarter of the heap and half of the direct memory (0: just that);"
                    + " beyond it the connections that hold most are reset, strangers first");
    public static final ConfigKey<Duration> GATEWAY_WRITE_TIMEOUT =
            key("gateway.write-timeout", duration(), "30s", "A reader that takes nothing for so long is cut off");
    public static final ConfigKey<Integer> GATEWAY_MAX_PIPELINED = key(
            "gateway.max-pipelined",
            integer(1, MILLION),
            "1000",
            "Commands of one connection under way or waiting; beyond that its socket is not read; never unlimited");
    public static final ConfigKey<Boolean> GATEWAY_PROXY_PROTOCOL = key(
            "gateway.proxy-protocol",
            bool(),
            "false",
            "Whether clients come through load balancers that send PROXY protocol headers (v1 or v2), and only so");
    public static final ConfigKey<List<String>> GATEWAY_PROXY_PROTOCOL_FROM = key(
            "gateway.proxy-protocol-from",
            list(),
            "",
            "Networks of these load balancers (10.0.0.0/8); connections from elsewhere are reset");
    public static final ConfigKey<Integer> GATEWAY_TLS_PORT =
            key(ConfigKey.of("gateway.tls.port", integer(0, 65535), "0", "Port of the chat protocol over TLS; 0: none")
                    .refusedFor(port -> port > 0));
    public static final ConfigKey<String> GATEWAY_TLS_CERTIFICATE_FILE =
            unbuiltFile("gateway.tls.certificate-file", "Certificate chain (PEM)");
    public static final ConfigKey<String> GATEWAY_TLS_KEY_FILE =
            unbuiltFile("gateway.tls.key-file", "Private key (PEM)");
    public static final ConfigKey<String> GATEWAY_TLS_CLIENT_CA_FILE =
            unbuiltFile("gateway.tls.client-ca-file", "Certificates (PEM) that client certificates must come from");
    public static final ConfigKey<Duration> GATEWAY_DRAIN_TIMEOUT =
            key("gateway.drain-timeout", duration(), "20s", "How long a stop waits for replies under way");

    public static final ConfigKey<String> MANAGEMENT_HOST =
            key("management.host", nonEmptyText(), "127.0.0.1", "Address of the management endpoint");
    public static final ConfigKey<Integer> MANAGEMENT_PORT =
            key("management.port", port(), "9889", "Port of the management endpoint (HTTP)");
    public static final ConfigKey<String> MANAGEMENT_ADMIN_TOKEN_FILE = key(
            "management.admin-token-file",
            text(),
            "",
            "File with the administrator's token, one word of printable ASCII; empty: generated as admin-token in redis.data-dir");

    public static final ConfigKey<String> REDIS_URL = key(
            "redis.url",
            text(),
            "",
            "redis://[user[:password]@]host[:port][/db] or rediss://..., more hosts behind commas; empty: an embedded one");
    public static final ConfigKey<String> REDIS_PASSWORD =
            key(ConfigKey.secret("redis.password", "Password of redis.url, if not in it (or: redis.password-file)"));
    public static final ConfigKey<String> REDIS_CA_FILE = key(
            "redis.ca-file", text(), "", "Certificates (PEM) that a rediss:// server's must come from; empty: Java's");
    public static final ConfigKey<String> REDIS_MODE = key(
            "redis.mode",
            choice("standalone", "sentinel", "cluster"),
            "standalone",
            "What redis.url names: standalone (one server), sentinel (Sentinels) or cluster (a Redis Cluster's servers)");
    public static final ConfigKey<String> REDIS_SENTINEL_MASTER =
            key("redis.sentinel-master", text(), "", "Name of the primary that the Sentinels watch");
    public static final ConfigKey<String> REDIS_SENTINEL_PASSWORD = key(ConfigKey.secret(
            "redis.sentinel-password", "Password of the Sentinels (or: redis.sentinel-password-file)"));
    public static final ConfigKey<String> REDIS_DATA_DIR = key(
            "redis.data-dir",
            nonEmptyText(),
            "./data",
            "Where the embedded Redis persists; relative to the folder that the node was started from");
    public static final ConfigKey<String> REDIS_DURABILITY = key(
            "redis.durability",
            choice("server", "replicated"),
            "server",
            "When a write counts: server (trust its settings) or replicated (redis.min-replicas have it)");
    public static final ConfigKey<Integer> REDIS_MIN_REPLICAS = key(
            "redis.min-replicas", integer(1, 100), "1", "Replicas that must have a write when replicated, 1 to 100");

    public static final ConfigKey<Boolean> CLUSTER_ENABLED =
            key("cluster.enabled", bool(), "false", "Whether this node joins others");
    public static final ConfigKey<String> CLUSTER_NAME =
            key("cluster.name", nonEmptyText(), "pesan", "Nodes of one name form one cluster");
    public static final ConfigKey<String> CLUSTER_HOST = key(
            "cluster.host",
            nonEmptyText(),
            "127.0.0.1",
            "Address of this machine that the cluster's ports are bound to, and that other nodes reach it at");
    public static final ConfigKey<Integer> CLUSTER_PORT = key("cluster.port", port(), "5701", "Port of the membership");
    public static final ConfigKey<Integer> CLUSTER_BUS_PORT =
            key("cluster.bus-port", port(), "15701", "Port of the event bus");
    public static final ConfigKey<String> CLUSTER_PUBLIC_HOST = key(
            "cluster.public-host",
            text(),
            "",
            "Address that other nodes are told to connect to, where it is another than cluster.host (NAT)");
    public static final ConfigKey<Integer> CLUSTER_PUBLIC_PORT = key(
            "cluster.public-port",
            integer(0, 65535),
            "0",
            "Port of the membership that other nodes are told; 0: cluster.port");
    public static final ConfigKey<Integer> CLUSTER_PUBLIC_BUS_PORT = key(
            "cluster.public-bus-port",
            integer(0, 65535),
            "0",
            "Port of the event bus that other nodes are told; 0: cluster.bus-port");
    public static final ConfigKey<List<String>> CLUSTER_MEMBERS =
            key("cluster.members", list(), "", "Addresses of other nodes (host:port; without a port: cluster.port)");
    public static final ConfigKey<String> CLUSTER_KUBERNETES_SERVICE = key(
            "cluster.kubernetes-service",
            text(),
            "",
            "Headless service whose pods are the members, in place of cluster.members");
    public static final ConfigKey<String> CLUSTER_TLS_CERTIFICATE_FILE =
            key("cluster.tls.certificate-file", text(), "", "Certificate chain (PEM) of this node on the event bus");
    public static final ConfigKey<String> CLUSTER_TLS_KEY_FILE =
            key("cluster.tls.key-file", text(), "", "Private key (PEM) of this node on the event bus");
    public static final ConfigKey<String> CLUSTER_TLS_CA_FILE =
            key("cluster.tls.ca-file", text(), "", "Certificates (PEM) that the nodes' own must come from");

    public static final ConfigKey<Boolean> ACCOUNTS_DEMO = key(
            "accounts.demo",
            bool(),
            null,
            "Accounts messi, henderson, lineker; on with the embedded Redis, else off, which removes none that are there");
    public static final ConfigKey<Boolean> ACCOUNTS_SELF_REGISTRATION =
            key("accounts.self-registration", bool(), "false", "Whether clients may register accounts");

    public static final ConfigKey<Duration> SESSIONS_IDLE_TIMEOUT =
            key("sessions.idle-timeout", duration(), "24h", "A session that nobody uses for so long ends");
    public static final ConfigKey<Duration> SESSIONS_LIFETIME =
            key("sessions.lifetime", duration(), "30d", "A session ends after so long in any case");
    public static final ConfigKey<Integer> SESSIONS_PER_USER =
            key("sessions.per-user", integer(0, 10_000), "20", "Sessions of one user; the oldest gives way");

    public static final ConfigKey<Integer> INBOX_MAX_MESSAGES =
            key("inbox.max-messages", integer(0, 100 * MILLION), "10000", "Messages waiting for one user");
    public static final ConfigKey<Long> INBOX_MAX_BYTES = key(
            "inbox.max-bytes",
            size(0, 1024 * 1024 * MIB),
            "4MiB",
            "Bytes waiting for one user: texts and the names of who sent them");
    public static final ConfigKey<Duration> INBOX_RETENTION =
            key("inbox.retention", duration(), "30d", "Messages that waited for so long are removed");
    public static final ConfigKey<Duration> INBOX_IDEMPOTENCY_WINDOW = key(
            "inbox.idempotency-window",
            duration(),
            "24h",
            "How long a tag keeps a repeat from being stored; 0: tags are only echoed");

    public static final ConfigKey<Integer> LIMITS_COMMANDS_PER_SECOND = unbuiltLimit(
            "limits.commands-per-second", integer(0, MILLION), "20", "Commands a second of one user on this node");
    public static final ConfigKey<Integer> LIMITS_BURST =
            unbuiltLimit("limits.burst", integer(0, MILLION), "100", "Commands of one user that may come at once");
    public static final ConfigKey<Integer> LIMITS_LOGIN_FAILURES_PER_ACCOUNT = unbuiltLimit(
            "limits.login-failures-per-account",
            integer(0, MILLION),
            "5",
            "Failed logins before a growing delay to 15m");
    public static final ConfigKey<Integer> LIMITS_LOGIN_FAILURES_PER_ADDRESS = unbuiltLimit(
            "limits.login-failures-per-address",
            integer(0, MILLION),
            "0",
            "Failed logins an hour from one address; 100 where PROXY protocol tells addresses");
    public static final ConfigKey<Integer> LIMITS_LIST_USERS =
            key("limits.list-users", integer(1, 10_000), "1000", "Names in one reply to listuser, 1 to 10000");

    public static final ConfigKey<String> SECURITY_AUTH_ERRORS = key(
            "security.auth-errors",
            choice("seed", "uniform"),
            "seed",
            "seed: tell an unknown user from a wrong password; uniform: do not");
    public static final ConfigKey<Integer> PASSWORD_HASH_MEMORY_KIB = key(
            "security.password-hash.memory-kib",
            integer(8, 1 << 20),
            "19456",
            "Argon2id: memory of one hash, in KiB, at least 8 for each lane");
    public static final ConfigKey<Integer> PASSWORD_HASH_ITERATIONS =
            key("security.password-hash.iterations", integer(1, 100), "2", "Argon2id: passes, 1 to 100");
    public static final ConfigKey<Integer> PASSWORD_HASH_PARALLELISM =
            key("security.password-hash.parallelism", integer(1, 64), "1", "Argon2id: lanes, 1 to 64");
    public static final ConfigKey<Integer> PASSWORD_HASH_WORKERS = key(
            "security.password-hash.workers",
            integer(1, 256),
            null,
            "Passwords hashed at once, 1 to 256; the number of cores");
    public static final ConfigKey<Integer> PASSWORD_HASH_QUEUE = key(
            "security.password-hash.queue",
            integer(0, 100_000),
            "64",
            "Passwords waiting to be hashed, beyond which they are refused; 0: none waits");

    public static final ConfigKey<Boolean> METRICS_ENABLED =
            key("metrics.enabled", bool(), "true", "Count, and show it at /metrics of the management endpoint");

    public static final ConfigKey<String> LOGGING_FORMAT =
            key("logging.format", choice("text", "json"), null, "text or json; text on a terminal, else json");
    public static final ConfigKey<String> LOGGING_LEVEL = key(
            "logging.level",
            choice("trace", "debug", "info", "warn", "error"),
            "info",
            "Least severity that is logged");

    private ConfigKeys() {}

    /** Every key, in the order in which an operator should read them. */
    public static List<ConfigKey<?>> all() {
        return Collections.unmodifiableList(TABLE);
    }

    private static <T> ConfigKey<T> key(
            String name, ValueType<T> type, @Nullable String fallback, String documentation) {
        return key(ConfigKey.of(name, type, fallback, documentation));
    }

    private static <T> ConfigKey<T> key(ConfigKey<T> key) {
        TABLE.add(key);
        return key;
    }

    /** A file of a TLS feature that is still to come: plain text where TLS was asked for is refused. */
    private static ConfigKey<String> unbuiltFile(String name, String documentation) {
        return key(ConfigKey.of(name, text(), "", documentation).refusedFor(file -> !file.isEmpty()));
    }

    private static ConfigKey<Integer> unbuiltLimit(
            String name, ValueType<Integer> type, String fallback, String documentation) {
        return key(ConfigKey.of(name, type, fallback, documentation).warnedFor(limit -> limit > 0));
    }
}
