package io.pesan.node.config;

import java.util.List;

/** What the keys of a cluster ask of each other. */
final class ClusterRules {

    private static final int ROLES = 3;
    private static final List<ConfigKey<String>> TLS_FILES = List.of(
            ConfigKeys.CLUSTER_TLS_CERTIFICATE_FILE, ConfigKeys.CLUSTER_TLS_KEY_FILE, ConfigKeys.CLUSTER_TLS_CA_FILE);

    private ClusterRules() {}

    /** @throws StartFailure naming the key */
    static void check(Configuration from) {
        List<String> roles = from.get(ConfigKeys.NODE_ROLES);
        if (!from.get(ConfigKeys.CLUSTER_ENABLED)) {
            if (roles.size() < ROLES) {
                throw refused(
                        from,
                        ConfigKeys.NODE_ROLES,
                        "a node that does only " + String.join(" and ", roles)
                                + " needs others that do the rest: set cluster.enabled, and start each by itself");
            }
            return;
        }
        if (from.isRedisEmbedded()) {
            throw refused(
                    from,
                    ConfigKeys.CLUSTER_ENABLED,
                    "nodes of a cluster share one Redis: name it in redis.url (./pesan cluster starts one for nodes on"
                            + " one machine)");
        }
        if (!from.get(ConfigKeys.CLUSTER_MEMBERS).isEmpty()
                && !from.get(ConfigKeys.CLUSTER_KUBERNETES_SERVICE).isEmpty()) {
            throw refused(
                    from,
                    ConfigKeys.CLUSTER_KUBERNETES_SERVICE,
                    "cluster.members is set as well: one of them is enough");
        }
        checkTls(from);
    }

    private static void checkTls(Configuration from) {
        boolean wanted = TLS_FILES.stream().anyMatch(key -> !from.get(key).isEmpty());
        for (ConfigKey<String> key : TLS_FILES) {
            if (wanted && from.get(key).isEmpty()) {
                throw new StartFailure(key
                        + " is not set: mutual TLS needs all of cluster.tls.certificate-file, key-file and ca-file");
            }
        }
    }

    static List<String> warnings(Configuration from) {
        if (!from.get(ConfigKeys.CLUSTER_ENABLED)) {
            boolean tls = TLS_FILES.stream().anyMatch(from::isExplicit);
            return tls ? List.of("cluster.tls has no effect: cluster.enabled is false") : List.of();
        }
        boolean plain = from.get(ConfigKeys.CLUSTER_TLS_CERTIFICATE_FILE).isEmpty();
        String host = from.get(ConfigKeys.CLUSTER_HOST);
        return plain && !Hosts.isLoopback(host)
                ? List.of("cluster.tls is not set, and cluster.host (" + host + ") is not loopback: whoever reaches"
                        + " cluster.bus-port or cluster.port can act as any user, and read along")
                : List.of();
    }

    private static StartFailure refused(Configuration from, ConfigKey<?> key, String why) {
        return new StartFailure(from.origin(key) + ": " + key + ": " + why);
    }
}
