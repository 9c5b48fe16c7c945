package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

    private static final PasswordHash.Cost CHEAP = new PasswordHash.Cost(8, 1, 1);

    @Test
    void knowsItsPasswordAgainAfterItWasStored() {
        PasswordHash stored = parsed(PasswordHash.of("surabaya", CHEAP).encode());

        assertThat(stored.matches("surabaya")).isTrue();
        assertThat(stored.matches("surabayA")).isFalse();
        assertThat(stored.matches("")).isFalse();
        assertThat(stored.cost()).isEqualTo(CHEAP);
    }

    @Test
    void writesSaltAndTagWithoutPadding() {
        assertThat(PasswordHash.of("surabaya", new PasswordHash.Cost(16, 2, 2)).encode())
                .matches("\\$argon2id\\$v=19\\$m=16,t=2,p=2\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
    }

    @Test
    void saltsEachHashAnew() {
        assertThat(PasswordHash.of("surabaya", CHEAP).encode())
                .isNotEqualTo(PasswordHash.of("surabaya", CHEAP).encode());
    }

    /** Computed by the reference implementation's command line: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1. */
    @Test
    void agreesWithTheReferenceImplementation() {
        PasswordHash reference =
                parsed("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

        assertThat(reference.matches("password")).isTrue();
        assertThat(reference.matches("differentpassword")).isFalse();
    }

    @Test
    void hashesTheBytesThatWereTyped() {
        String composed = "\u00e9";
        String decomposed = "e\u0301";

        assertThat(PasswordHash.of(composed, CHEAP).matches(composed)).isTrue();
        assertThat(PasswordHash.of(composed, CHEAP).matches(decomposed)).isFalse();
    }

    @Test
    void ofNothingMatchesNothing() {
        assertThat(PasswordHash.ofNothing(CHEAP).matches("")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "65536, 3, 19456, 2",
        "65536, 3, 65536, 2",
        "19456, 2, 8, 1",
        "19456, 2, 16384, 2",
        "64, 2, 127, 1",
        "512, 1, 8, 1"
    })
    void makesUpForACheaperHash(int memory, int passes, int spentMemory, int spentPasses) {
        PasswordHash.Cost cost = new PasswordHash.Cost(memory, passes, 1);

        PasswordHash.Cost lacking = Objects.requireNonNullElse(
                cost.lessThat(new PasswordHash.Cost(spentMemory, spentPasses, 1)), new PasswordHash.Cost(0, 0, 1));

        assertThat(spentMemory * spentPasses + lacking.memoryKib() * lacking.iterations())
                .isBetween(memory * passes - 8, memory * passes);
        assertThat(lacking.memoryKib()).isLessThanOrEqualTo(memory);
    }

    @ParameterizedTest
    @CsvSource({"65536, 3, 1", "65536, 2, 1", "196608, 1, 4", "131072, 1, 1"})
    void addsNothingToAHashThatIsAsDear(int spentMemory, int spentPasses, int spentLanes) {
        assertThat(new PasswordHash.Cost(65_536, 2, 1)
                        .lessThat(new PasswordHash.Cost(spentMemory, spentPasses, spentLanes)))
                .isNull();
    }

    @Test
    void showsNeitherSaltNorTag() {
        PasswordHash hash = PasswordHash.of("surabaya", CHEAP);

        assertThat(hash).hasToString("PasswordHash[" + CHEAP + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "surabaya",
                "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=64,t=101,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=64,t=1,p=9$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=64,t=1,p=1$c29$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFh",
                "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQaa$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc "
            })
    void refusesWhatIsNoBearableHash(String stored) {
        assertThat(PasswordHash.parse(stored)).isNull();
    }

    private static PasswordHash parsed(String phc) {
        return Objects.requireNonNull(PasswordHash.parse(phc));
    }
}
