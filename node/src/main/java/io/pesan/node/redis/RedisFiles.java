package io.pesan.node.redis;

import io.pesan.node.config.StartFailure;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import redis.embedded.RedisExecProvider;
import redis.embedded.exceptions.OsDetectionException;

/** What the embedded Redis needs on disk, laid out in a data directory. */
final class RedisFiles {

    static final String GUARD_SCRIPT = "redis-guard.sh";
    static final String CONFIGURATION = "redis.conf";
    static final String LOG = "redis.log";
    private static final String DATABASE = "redis";
    private static final String BINARY = "redis-server-" + RedisExecProvider.redisVersion;
    /** A log that has grown beyond this is put aside at the next start, in place of the one put aside before. */
    private static final long LARGEST_LOG = 4 << 20;

    private final Path directory;

    RedisFiles(Path directory) {
        this.directory = directory;
    }

    Path binary() {
        return directory.resolve(BINARY);
    }

    Path guardScript() {
        return directory.resolve(GUARD_SCRIPT);
    }

    Path configuration() {
        return directory.resolve(CONFIGURATION);
    }

    Path log() {
        return directory.resolve(LOG);
    }

    /** Puts the binary and the guard's script in place. */
    void prepare() throws IOException {
        Path database = directory.resolve(DATABASE);
        Files.createDirectories(database);
        // The data directory may have been made by somebody who lets others read it.
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rwx------"));
        if (!Files.exists(binary())) {
            copyBinary();
        }
        try (InputStream script =
                Objects.requireNonNull(RedisFiles.class.getResourceAsStream(GUARD_SCRIPT), GUARD_SCRIPT)) {
            replace(guardScript(), script.readAllBytes(), "rwx------");
        }
        if (Files.exists(log()) && Files.size(log()) > LARGEST_LOG) {
            Files.move(log(), directory.resolve(LOG + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Readable by this user alone: it holds the password. Redis is not to collect percentiles that nobody asks it for. */
    void writeConfiguration(int port, String password) throws IOException {
        String text = """
                # Written by the node at each start; changes are lost.
                bind 127.0.0.1
                protected-mode yes
                port %d
                requirepass %s
                dir %s
                logfile %s
                daemonize no
                set-proc-title no
                appendonly yes
                appendfsync everysec
                save ""
                maxmemory-policy noeviction
                latency-tracking no
                """.formatted(port, password, quote(directory.resolve(DATABASE)), quote(log()));
        replace(configuration(), text.getBytes(StandardCharsets.UTF_8), "rw-------");
    }

    private void copyBinary() throws IOException {
        File extracted;
        try {
            extracted = RedisExecProvider.defaultProvider().get();
        } catch (OsDetectionException | IllegalArgumentException unsupported) {
            throw new StartFailure(
                    "redis.url is empty and there is no embedded Redis for this platform: name a server", unsupported);
        }
        replace(binary(), Files.readAllBytes(extracted.toPath()), "rwx------");
        Files.delete(extracted.toPath());
    }

    private static void replace(Path file, byte[] content, String permissions) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        Files.write(fresh, content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** As Redis's configuration files quote. */
    private static String quote(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
