package io.pesan.session;

/**
 * Cost of a password hash (Argon2id, RFC 9106) and how many are computed at once.
 *
 * @param memoryKib memory of one hash, in KiB; at least 8 for each lane
 * @param iterations passes over the memory
 * @param parallelism lanes
 * @param workers hashes computed at the same time
 * @param queue hashes that may wait for a worker, beyond which they are refused
 */
public record PasswordHashing(int memoryKib, int iterations, int parallelism, int workers, int queue) {

    private static final String PREFIX = "security.password-hash.";
    private static final int LEAST_MEMORY_KIB = 8;

    public PasswordHashing {
        requireAtLeast("iterations", iterations, 1);
        requireAtLeast("parallelism", parallelism, 1);
        requireAtLeast("memory-kib", memoryKib, LEAST_MEMORY_KIB * parallelism);
        requireAtLeast("workers", workers, 1);
        requireAtLeast("queue", queue, 0);
    }

    private static void requireAtLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(PREFIX + key + " must be at least " + least + ", is " + value);
        }
    }
}
