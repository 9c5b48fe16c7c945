package io.pesan.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * A password's Argon2id hash (RFC 9106) with the salt and cost that it was computed with. A password is the UTF-8 bytes
 * of what was typed: it is not normalised, so two ways to write the same letter are two passwords.
 *
 * <p>{@link #of} and {@link #matches} take tens of milliseconds of a core and {@link Cost#memoryKib} of heap: never on an
 * event loop.
 */
final class PasswordHash {

    /** Salt of a new hash, in bytes (RFC 9106 section 3.1 recommends 16). */
    private static final int SALT_BYTES = 16;

    private static final int TAG_BYTES = 32;
    private static final int LEAST_BYTES = 8;

    /** The string format of the Password Hashing Competition: {@code $argon2id$v=19$m=..,t=..,p=..$salt$tag}. */
    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})\\$([A-Za-z0-9+/]{1,128})\\$([A-Za-z0-9+/]{1,128})");

    private static final Base64.Encoder TO_TEXT = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder FROM_TEXT = Base64.getDecoder();
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What one computation costs: memory in KiB, passes over it, lanes. */
    record Cost(int memoryKib, int iterations, int parallelism) {

        static Cost of(PasswordHashing hashing) {
            return new Cost(hashing.memoryKib(), hashing.iterations(), hashing.parallelism());
        }

        /** Whether this service would compute it: a damaged or planted hash must not take all memory or time. */
        boolean isBearable() {
            return iterations >= 1
                    && iterations <= PasswordHashing.MOST_ITERATIONS
                    && parallelism >= 1
                    && parallelism <= PasswordHashing.MOST_PARALLELISM
                    && memoryKib >= PasswordHashing.LEAST_MEMORY_KIB * parallelism
                    && memoryKib <= PasswordHashing.MOST_MEMORY_KIB;
        }

        /**
         * What has to be computed after a hash at another cost so that both together take about as long as one at this
         * cost: time goes with the memory that is passed over. Null: nothing, the other took as long by itself.
         */
        @Nullable Cost lessThat(Cost other) {
            long lacking = passedOver() - other.passedOver();
            long leastMemory = (long) PasswordHashing.LEAST_MEMORY_KIB * parallelism;
            if (lacking < leastMemory) {
                return null;
            }
            long passes = -Math.floorDiv(-lacking, memoryKib);
            return new Cost((int) Math.max(leastMemory, lacking / passes), (int) passes, parallelism);
        }

        private long passedOver() {
            return (long) memoryKib * iterations;
        }
    }

    private final Cost cost;
    private final byte[] salt;
    private final byte[] tag;

    private PasswordHash(Cost cost, byte[] salt, byte[] tag) {
        this.cost = cost;
        this.salt = salt;
        this.tag = tag;
    }

    /** Hashes a password with a new salt. */
    static PasswordHash of(String password, Cost cost) {
        byte[] salt = randomBytes(SALT_BYTES);
        return new PasswordHash(cost, salt, compute(password, cost, salt, TAG_BYTES));
    }

    /** A hash of no password: comparing with it takes as long as with any other and fails. */
    static PasswordHash ofNothing(Cost cost) {
        return new PasswordHash(cost, randomBytes(SALT_BYTES), randomBytes(TAG_BYTES));
    }

    /** Reads a PHC string; null if it is not one of Argon2id, version 19, at a bearable cost. */
    static @Nullable PasswordHash parse(String phc) {
        Matcher fields = PHC.matcher(phc);
        if (!fields.matches()) {
            return null;
        }
        Cost cost = new Cost(
                Integer.parseInt(fields.group(1)),
                Integer.parseInt(fields.group(2)),
                Integer.parseInt(fields.group(3)));
        byte[] salt = bytes(fields.group(4));
        byte[] tag = bytes(fields.group(5));
        if (!cost.isBearable() || salt.length < LEAST_BYTES || tag.length < LEAST_BYTES) {
            return null;
        }
        return new PasswordHash(cost, salt, tag);
    }

    /** The PHC string, as it is stored. */
    String encode() {
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.iterations() + ",p=" + cost.parallelism() + "$"
                + TO_TEXT.encodeToString(salt) + "$" + TO_TEXT.encodeToString(tag);
    }

    Cost cost() {
        return cost;
    }

    /** Whether it is the hash of this password; the comparison's time does not depend on where they differ. */
    boolean matches(String password) {
        return MessageDigest.isEqual(tag, compute(password, cost, salt, tag.length));
    }

    /** Shows nothing of salt and tag. */
    @Override
    public String toString() {
        return "PasswordHash[" + cost + "]";
    }

    private static byte[] compute(String password, Cost cost, byte[] salt, int length) {
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.iterations())
                .withParallelism(cost.parallelism())
                .withSalt(salt)
                .build());
        byte[] result = new byte[length];
        argon2.generateBytes(password.getBytes(StandardCharsets.UTF_8), result);
        return result;
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** Not a length that Base64 can have: no bytes. */
    private static byte[] bytes(String text) {
        return text.length() % 4 == 1 ? new byte[0] : FROM_TEXT.decode(text);
    }
}
