package io.pesan.redis.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisExecProvider;

/** The bundled build of Redis as a file that can be run at any time: one for the whole process, gone when it ends. */
final class RedisExecutable {

    private static final class Holder {
        private static final Path FILE = unpack();
    }

    private RedisExecutable() {}

    static Path file() {
        return Holder.FILE;
    }

    /**
     * Lets another process write the file. What this one has open for writing is inherited by a child that some other
     * thread starts meanwhile, and to run a file that anybody has open for writing fails with "Text file busy".
     */
    private static Path unpack() {
        try {
            File source = RedisExecProvider.defaultProvider().get();
            Path folder = Files.createTempDirectory("redis-executable");
            Path copy = folder.resolve(source.getName());
            // Last in, first out: the file goes before its folder.
            folder.toFile().deleteOnExit();
            copy.toFile().deleteOnExit();
            int status = new ProcessBuilder("cp", source.toString(), copy.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("cp ended with status " + status + "; it should have written " + copy);
            }
            Files.delete(source.toPath());
            return copy;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
