package io.pesan.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is and how to log in.
 *
 * @param url {@code redis://[user[:password]@]host[:port][/database]}, or {@code rediss://…} for TLS
 * @param password takes the place of the url's, if given
 * @param caFile PEM file of the authorities that may have signed the server's certificate; the platform's if null
 */
public record RedisConfig(
        String url, @Nullable String password, @Nullable String caFile) {

    private static final int DEFAULT_PORT = 6379;

    public RedisConfig {
        URI uri = parse(url);
        if (!"redis".equals(uri.getScheme()) && !"rediss".equals(uri.getScheme())) {
            throw new IllegalArgumentException("redis.url must begin with redis:// or rediss://");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("redis.url names no host");
        }
        if (!uri.getPath().matches("(/\\d{0,5})?")) {
            throw new IllegalArgumentException(
                    "redis.url may end with a database's number, as in /0, and nothing else");
        }
    }

    private static URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            // Not the exception's own text: it shows the whole url, which may hold a password.
            throw new IllegalArgumentException("redis.url is not a URL: " + malformed.getReason());
        }
    }

    /** Host and port, for messages: no secrets. */
    public String server() {
        URI uri = parse(url);
        return uri.getHost() + ":" + (uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
    }

    /** The url without user and password. */
    String address() {
        return (tls() ? "rediss://" : "redis://") + server() + parse(url).getPath();
    }

    @Nullable String user() {
        String user = userInfo()[0];
        return user.isEmpty() ? null : user;
    }

    /** The password given apart, or else the url's, if there is one. */
    @Nullable String secret() {
        if (password != null) {
            return password;
        }
        String[] userInfo = userInfo();
        return userInfo.length == 1 ? null : userInfo[1];
    }

    /** User and, if the url has one, password. */
    private String[] userInfo() {
        String raw = parse(url).getRawUserInfo();
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

    boolean tls() {
        return url.startsWith("rediss:");
    }

    /** Shows no secrets. */
    @Override
    public String toString() {
        return "RedisConfig[" + (tls() ? "rediss://" : "redis://") + server() + "]";
    }
}
