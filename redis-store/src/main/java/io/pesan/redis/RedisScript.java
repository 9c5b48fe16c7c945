package io.pesan.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * One operation on Redis that must be atomic: a {@code .lua} resource, called by its SHA-1. A link loads its scripts
 * before its first use, so a call never has to be tried a second time, behind calls that came after it.
 */
public final class RedisScript {

    private final String name;
    private final String source;
    private final String sha1;

    private RedisScript(String name, String source) {
        this.name = name;
        this.source = source;
        this.sha1 = sha1(source);
    }

    /** Reads the resource {@code lua/<name>.lua} that lies beside the class. */
    public static RedisScript load(Class<?> beside, String name) {
        return new RedisScript(name, read(beside, name));
    }

    /**
     * Reads two resources as {@link #load(Class, String)}: local functions that several scripts share, and behind them the
     * script, which must not begin with a shebang.
     */
    public static RedisScript load(Class<?> beside, String functions, String name) {
        return new RedisScript(name, read(beside, functions) + "\n" + read(beside, name));
    }

    private static String read(Class<?> beside, String name) {
        String resource = "lua/" + name + ".lua";
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource + " beside " + beside.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * A call of the script.
     *
     * @param keys every key that the script touches
     * @param arguments strings, numbers or byte arrays; not null
     */
    public Request call(List<String> keys, Object... arguments) {
        Object[] all = new Object[2 + keys.size() + arguments.length];
        all[0] = sha1;
        all[1] = keys.size();
        int at = 2;
        for (String key : keys) {
            all[at++] = key;
        }
        System.arraycopy(arguments, 0, all, at, arguments.length);
        return Request.cmd(Command.EVALSHA, all);
    }

    /** The resource's name; what metrics call the script. */
    public String name() {
        return name;
    }

    String sha1() {
        return sha1;
    }

    Request loading() {
        return Request.cmd(Command.SCRIPT, "LOAD", source);
    }

    private static String sha1(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
