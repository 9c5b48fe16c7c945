package io.pesan.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code redis.url} taken apart: the first address with all that is the same for all of them, and perhaps more addresses behind
 * commas, each a {@code host[:port]} or a whole URL with nothing but scheme, host and port.
 */
final class RedisUrl {

    private static final int DEFAULT_PORT = 6379;
    private static final int HIGHEST_PORT = 65_535;
    private static final int DEFAULT_SENTINEL_PORT = 26379;

    private final URI first;
    private final List<RedisAddress> addresses = new ArrayList<>(1);

    private RedisUrl(URI first) {
        this.first = first;
    }

    /** Throws an {@link IllegalArgumentException} that names the key and shows no secret. */
    static RedisUrl parse(String url, RedisConfig.Mode mode) {
        // One address alone may have a comma in its password; where there are several, it is written %2C.
        String[] parts = mode == RedisConfig.Mode.STANDALONE ? new String[] {url} : url.split(",", -1);
        URI first = uri(parts[0].strip());
        if (!"redis".equals(first.getScheme()) && !"rediss".equals(first.getScheme())) {
            throw new IllegalArgumentException("redis.url must begin with redis:// or rediss://");
        }
        requireHost(first);
        if (!first.getPath().matches("(/\\d{0,5})?")) {
            throw new IllegalArgumentException(
                    "redis.url may end with a database's number, as in /0, and nothing else");
        }
        if (mode == RedisConfig.Mode.CLUSTER && !first.getPath().matches("(/0?)?")) {
            throw new IllegalArgumentException("redis.url names a database: a Redis Cluster has number 0 alone");
        }
        int defaultPort = mode == RedisConfig.Mode.SENTINEL ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT;
        RedisUrl whole = new RedisUrl(first);
        whole.addresses.add(address(first, defaultPort));
        for (int i = 1; i < parts.length; i++) {
            whole.addresses.add(further(parts[i].strip(), first.getScheme(), defaultPort));
        }
        return whole;
    }

    private static RedisAddress further(String text, String scheme, int defaultPort) {
        URI uri = uri(text.contains("://") ? text : scheme + "://" + text);
        requireHost(uri);
        if (!scheme.equals(uri.getScheme())
                || uri.getRawUserInfo() != null
                || !uri.getPath().isEmpty()) {
            throw new IllegalArgumentException("redis.url: scheme, user, password and database of all addresses are the"
                    + " first one's, the others are host:port");
        }
        return address(uri, defaultPort);
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "redis.url takes no options behind a ? or #; in a password they are written %3F and %23");
            }
            return uri;
        } catch (URISyntaxException malformed) {
            // Not the exception's own text: it shows the whole url, which may hold a password.
            throw new IllegalArgumentException("redis.url is not a URL: " + malformed.getReason());
        }
    }

    private static void requireHost(URI uri) {
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("redis.url names no host");
        }
    }

    private static RedisAddress address(URI uri, int defaultPort) {
        if (uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
            throw new IllegalArgumentException("redis.url: ports are 1 to 65535, not " + uri.getPort());
        }
        return new RedisAddress(uri.getHost(), uri.getPort() < 0 ? defaultPort : uri.getPort());
    }

    /** At least one. */
    List<RedisAddress> addresses() {
        return List.copyOf(addresses);
    }

    boolean tls() {
        return "rediss".equals(first.getScheme());
    }

    /** {@code redis://} or {@code rediss://}. */
    String scheme() {
        return first.getScheme() + "://";
    }

    /** With its slash; may be empty. */
    String database() {
        return first.getPath();
    }

    /** User and, if the url has one, password. */
    String[] userInfo() {
        String raw = first.getRawUserInfo();
        if (raw == null) {
            return new String[] {""};
        }
        // A plus is a plus here: the query's rule for spaces is none of a user's or password's.
        String[] parts = raw.replace("+", "%2B").split(":", 2);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = URLDecoder.decode(parts[i], StandardCharsets.UTF_8);
        }
        return parts;
    }
}
