package io.pesan.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.Presence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HearingTest {

    private static final long SECOND = 1_000_000_000L;

    /** A monotonic clock starts anywhere; this one is about to overflow. */
    private long now = Long.MAX_VALUE - 7 * SECOND;

    private final Hearing hearing = new Hearing("n1", now);

    private void show(boolean leaving, String... hears) {
        hearing.see(
                Presence.newBuilder()
                        .setNodeId("n2")
                        .addAllHears(List.of(hears))
                        .setLeaving(leaving)
                        .build(),
                now);
    }

    /** Time passes, and the cluster has these others, of which n2 shows itself once a second if it is told whom it hears. */
    private Map<String, Hearing.Fault> pass(int seconds, Set<String> members, String... hears) {
        Map<String, Hearing.Fault> found = Map.of();
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            if (hears.length > 0) {
                show(false, hears);
            }
            found = hearing.look(members, now);
        }
        return found;
    }

    @Test
    void hearsNothingOfANodeThatHasJoinedTenSecondsAgo() {
        assertThat(pass(11, Set.of("n2", "n3"))).isEmpty();
        assertThat(pass(1, Set.of("n2", "n3")))
                .isEqualTo(Map.of("n2", Hearing.Fault.NOT_HEARD, "n3", Hearing.Fault.NOT_HEARD));
        assertThat(pass(1, Set.of("n3"))).containsOnlyKeys("n3");
    }

    @Test
    void hearsNothingOfANodeThatWasWellFiveSecondsAgo() {
        assertThat(pass(30, Set.of("n2"), "n1", "n2")).isEmpty();
        assertThat(pass(5, Set.of("n2"))).isEmpty();
        assertThat(pass(1, Set.of("n2"))).isEqualTo(Map.of("n2", Hearing.Fault.NOT_HEARD));
        assertThat(pass(1, Set.of("n2"), "n1", "n2")).isEmpty();
    }

    @Test
    void isNotHeardByANodeThatShowsOthersOnly() {
        assertThat(pass(12, Set.of("n2"), "n2", "n3")).isEqualTo(Map.of("n2", Hearing.Fault.DOES_NOT_HEAR));
        assertThat(pass(1, Set.of("n2"), "n1", "n2")).isEmpty();
    }

    @Test
    void believesANodeThatDoesNotTellWhomItHears() {
        for (int i = 0; i < 30; i++) {
            show(false);
            assertThat(pass(1, Set.of("n2"))).isEmpty();
        }
    }

    @Test
    void missesNoNodeThatHasTakenLeave() {
        pass(5, Set.of("n2"), "n1", "n2");
        show(true, "n1", "n2");
        assertThat(pass(30, Set.of("n2"))).isEmpty();
        // Of the same name, while the membership has not lost its predecessor.
        pass(1, Set.of("n2"), "n1", "n2");
        assertThat(pass(6, Set.of("n2"))).containsOnlyKeys("n2");
    }

    @Test
    void blamesNobodyForTheTimeThatItWasFrozenItself() {
        pass(5, Set.of("n2"), "n1", "n2");
        now += 60 * SECOND;
        assertThat(pass(6, Set.of("n2"))).isEmpty();
        assertThat(pass(1, Set.of("n2"))).containsOnlyKeys("n2");
    }
}
