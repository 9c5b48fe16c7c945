package io.pesan.node.redis;

import io.pesan.node.config.StartFailure;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A data directory that belongs to this process until it is closed. */
final class DataDirectory implements AutoCloseable {

    private static final String LOCK = "lock";
    /** Apart from the lock: on POSIX, closing any descriptor of a locked file gives up this process's lock on it. */
    private static final String OWNER = "owner";

    private static final String NODE = "node";
    private static final String GUARD = "guard";
    private static final String REDIS = "redis";

    private final Path path;
    private final FileChannel channel;
    private final Properties owner = new Properties();

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates the directory if need be and takes it.
     *
     * @throws StartFailure if another node has it, or it can't be written
     */
    static DataDirectory take(Path path) {
        try {
            createPrivate(path);
            refuseIfOwnedByThisProcess(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw inUse(path, parse(readOwner(path), NODE));
            }
            DataDirectory directory = new DataDirectory(path, channel);
            directory.owner.putAll(readOwner(path));
            return directory;
        } catch (IOException unusable) {
            throw new StartFailure("redis.data-dir " + path + " can't be used: " + describe(unusable), unusable);
        }
    }

    Path file(String name) {
        return path.resolve(name);
    }

    Path path() {
        return path;
    }

    /** What the owner before left running: the guard, or Redis. */
    Optional<ProcessHandle> leftBehind() {
        return find(GUARD, file(RedisFiles.GUARD_SCRIPT)).or(() -> find(REDIS, file(RedisFiles.CONFIGURATION)));
    }

    /** Redis as last written down, if it runs. */
    Optional<ProcessHandle> redis() {
        return find(REDIS, file(RedisFiles.CONFIGURATION));
    }

    /** Writes down who is about to start Redis. Before Redis can run, so that the directory is never unguarded. */
    void recordGuard(ProcessHandle guard) throws IOException {
        owner.clear();
        owner.setProperty(NODE, ProcessRecord.of(ProcessHandle.current()).toString());
        owner.setProperty(GUARD, ProcessRecord.of(guard).toString());
        writeOwner();
    }

    void recordRedis(ProcessHandle redis) throws IOException {
        owner.setProperty(REDIS, ProcessRecord.of(redis).toString());
        writeOwner();
    }

    /** Gives the directory up. What still runs in it stays written down. */
    @Override
    public void close() throws IOException {
        if (leftBehind().isEmpty()) {
            Files.deleteIfExists(file(OWNER));
        }
        channel.close();
    }

    private Optional<ProcessHandle> find(String role, Path argument) {
        ProcessRecord record = parse(owner, role);
        return record == null ? Optional.empty() : record.find(argument.toString());
    }

    private void writeOwner() throws IOException {
        Path fresh = file(OWNER + ".new");
        try (Writer writer = Files.newBufferedWriter(fresh)) {
            owner.store(writer, null);
        }
        Files.move(fresh, file(OWNER), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void createPrivate(Path path) throws IOException {
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException file) {
            throw new IOException("it is not a directory", file);
        }
    }

    private static void refuseIfOwnedByThisProcess(Path path) throws IOException {
        ProcessRecord node = parse(readOwner(path), NODE);
        if (node != null && node.equals(ProcessRecord.of(ProcessHandle.current()))) {
            throw inUse(path, node);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException ownLock) {
            return false;
        }
    }

    private static StartFailure inUse(Path path, @Nullable ProcessRecord node) {
        String by = node == null ? "another node" : "the node with process id " + node.pid();
        return new StartFailure("redis.data-dir " + path + " is in use by " + by);
    }

    private static Properties readOwner(Path path) throws IOException {
        Properties owner = new Properties();
        Path file = path.resolve(OWNER);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                owner.load(reader);
            }
        }
        return owner;
    }

    private static @Nullable ProcessRecord parse(Properties owner, String role) {
        return ProcessRecord.parse(owner.getProperty(role));
    }

    private static String describe(IOException failure) {
        return failure.getClass().getSimpleName().replace("Exception", "") + ": "
                + Objects.requireNonNullElse(failure.getMessage(), "no reason given");
    }
}
