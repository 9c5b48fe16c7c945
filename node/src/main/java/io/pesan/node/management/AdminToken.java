package io.pesan.node.management;

import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an administrator shows. {@link #toString} does not show it. */
public final class AdminToken {

    private static final String FILE = "admin-token";
    private static final String SCHEME = "Bearer ";
    private static final int RANDOM_BYTES = 32;
    private static final Pattern CAN_BE_SHOWN = Pattern.compile("[!-~]+");
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final String value;

    AdminToken(String value) {
        this.value = value;
    }

    /** The file that holds a node's token: the configured one, or the one that the node makes. */
    public static Path file(Configuration configuration) {
        String configured = configuration.get(ConfigKeys.MANAGEMENT_ADMIN_TOKEN_FILE);
        try {
            return configured.isEmpty() ? configuration.dataDirectory().resolve(FILE) : Path.of(configured);
        } catch (InvalidPathException bad) {
            throw new StartFailure("management.admin-token-file: not a path: " + configured, bad);
        }
    }

    /**
     * Reads the node's token; makes one, readable by this user alone, if none is configured and there is none yet.
     *
     * @throws StartFailure if the file can't be read or written, or holds no token
     */
    public static AdminToken readOrCreate(Configuration configuration) {
        Path file = file(configuration);
        if (configuration.get(ConfigKeys.MANAGEMENT_ADMIN_TOKEN_FILE).isEmpty()) {
            create(file);
        }
        return read(file);
    }

    /**
     * Reads a token from a file.
     *
     * @throws StartFailure if the file can't be read, is empty, or holds what no request could show
     */
    public static AdminToken read(Path file) {
        try {
            String value = Files.readString(file).strip();
            if (value.isEmpty()) {
                throw new StartFailure("management.admin-token-file " + file + " is empty");
            }
            if (!CAN_BE_SHOWN.matcher(value).matches()) {
                throw new StartFailure("management.admin-token-file " + file
                        + " must hold one word of printable ASCII characters: it is sent in a header of HTTP");
            }
            return new AdminToken(value);
        } catch (IOException unreadable) {
            throw new StartFailure("management.admin-token-file " + file + " can't be read", unreadable);
        }
    }

    private static void create(Path file) {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
            Files.createDirectories(folder, PRIVATE_FOLDER);
            if (!Files.exists(file)) {
                publish(file, token + "\n", Files.createTempFile(folder, FILE, ".new", PRIVATE_FILE));
            }
        } catch (IOException unwritable) {
            throw new StartFailure("redis.data-dir: can't write the administrator's token to " + file, unwritable);
        }
    }

    /** Whole or not at all, and never in place of another: a second node may be doing the same, or the disk be full. */
    private static void publish(Path file, String content, Path fresh) throws IOException {
        try {
            Files.writeString(fresh, content);
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException kept) {
            // Another node's, which somebody may know by now.
            return;
        } finally {
            Files.delete(fresh);
        }
    }

    /** For the header {@code Authorization}. */
    public String authorization() {
        return SCHEME + value;
    }

    /** Takes the same time wherever the first difference is. */
    boolean isShownBy(@Nullable String authorization) {
        return authorization != null
                && MessageDigest.isEqual(
                        authorization.getBytes(StandardCharsets.UTF_8),
                        authorization().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "AdminToken[secret]";
    }
}
