package io.pesan.session;

/**
 * Cost of a password hash (Argon2id, RFC 9106) and how many are computed at once.
 *
 * @param memoryKib memory of one hash, in KiB; at least 8 for each lane, at most 1 GiB
 * @param iterations passes over the memory; 1 to 100
 * @param parallelism lanes; 1 to 64
 * @param workers hashes computed at the same time; 1 to 1,024
 * @param queue hashes that may wait for a worker, beyond which they are refused; 0 to 100,000
 */
public record PasswordHashing(int memoryKib, int iterations, int parallelism, int workers, int queue) {

    private static final String PREFIX = "security.password-hash.";

    static final int LEAST_MEMORY_KIB = 8;

    /** 1 GiB: beyond this a stored hash is not computed, so none may be made. */
    static final int MOST_MEMORY_KIB = 1 << 20;

    static final int MOST_ITERATIONS = 100;
    static final int MOST_PARALLELISM = 64;
    private static final int MOST_WORKERS = 1024;
    private static final int MOST_WAITING = 100_000;

    public PasswordHashing {
        requireWithin("iterations", iterations, 1, MOST_ITERATIONS);
        requireWithin("parallelism", parallelism, 1, MOST_PARALLELISM);
        requireWithin("memory-kib", memoryKib, LEAST_MEMORY_KIB * parallelism, MOST_MEMORY_KIB);
        requireWithin("workers", workers, 1, MOST_WORKERS);
        requireWithin("queue", queue, 0, MOST_WAITING);
    }

    private static void requireWithin(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    PREFIX + key + " must be between " + least + " and " + most + ", is " + value);
        }
    }
}
