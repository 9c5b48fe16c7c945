package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who has to go when clients' buffers take too much. */
class ClientMemoryTest {

    private final ClientMemory memory = new ClientMemory(1_000);
    private final List<Client> clients = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();

    private final class Client implements ClientMemory.Holder {
        private final String name;
        private final boolean known;
        private long held;

        Client(String name, boolean known, long held) {
            this.name = name;
            this.known = known;
            this.held = held;
            memory.add(held);
            clients.add(this);
        }

        @Override
        public long heldBytes() {
            return held;
        }

        @Override
        public boolean isKnown() {
            return known;
        }

        @Override
        public void evict() {
            gone.add(name);
            memory.add(-held);
            held = 0;
        }
    }

    private int relieve() {
        return memory.relieve(clients::stream);
    }

    @Test
    void nobodyHasToGoUpToTheLimit() {
        new Client("a", false, 600);
        new Client("b", true, 400);

        assertThat(relieve()).isZero();
        assertThat(gone).isEmpty();
    }

    @Test
    void strangersGoFirstAndOfThemThoseThatHoldMostUntilAQuarterIsFree() {
        new Client("known", true, 720);
        new Client("small", false, 50);
        new Client("large", false, 200);
        new Client("idle", false, 0);
        new Client("larger", false, 240);

        assertThat(relieve()).isEqualTo(3);
        assertThat(gone).containsExactly("larger", "large", "small");
        assertThat(memory.heldBytes()).isEqualTo(720);
    }

    @Test
    void whoIsKnownGoesWhenThatIsNotEnough() {
        new Client("a", true, 500);
        new Client("b", true, 600);
        new Client("stranger", false, 1);

        assertThat(relieve()).isEqualTo(2);
        assertThat(gone).containsExactly("stranger", "b");
    }

    @Test
    void nobodyIsLookedAtWhileThereIsRoom() {
        new Client("a", false, 1_000);

        assertThat(memory.relieve(() -> Stream.generate(() -> {
                    throw new AssertionError("looked at");
                })))
                .isZero();
    }
}
