package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.ServiceNodes;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.Presence;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which place is asked. */
class PlacesTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    private final Vertx vertx = Vertx.vertx();
    private final ServiceNodes nodes = new ServiceNodes();
    private final Places<InboxBatch, InboxBatchReply> places = new Places<>(
            Routes.INBOX, vertx.eventBus(), "n1", false, new Random(20_261_123), new GatewayMetrics.RouteMetrics() {});
    private final Place here = place(List.of());
    private long now = Long.MAX_VALUE - 20 * SECOND;

    @BeforeEach
    void begin() {
        show("n1", "n2", "n3");
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void show(String... nodeIds) {
        for (String nodeId : nodeIds) {
            Presence presence = Presence.newBuilder()
                    .setNodeId(nodeId)
                    .addRoutes(Routes.INBOX.address())
                    .build();
            nodes.see(presence, now);
            places.see(presence, now);
        }
        places.refresh(nodes, now);
    }

    private Place place(List<Place> except) {
        return Objects.requireNonNull(places.choose(except, now));
    }

    /** Asks the best place so often; each takes as long to answer as is said. Returns how often each was asked. */
    private Map<String, Integer> ask(int times, Map<String, Long> tookMillis, List<Place> except) {
        Map<String, Integer> asked = new HashMap<>();
        for (int i = 0; i < times; i++) {
            Place place = place(except);
            String name = String.valueOf(place.nodeId());
            long took = tookMillis.getOrDefault(name, 1L) * MILLI;
            place.asked();
            now += took;
            place.answered(took, now);
            asked.merge(name, 1, Integer::sum);
            show("n2", "n3");
        }
        return asked;
    }

    private void fail(Place place) {
        place.asked();
        place.failed(500 * MILLI, now);
    }

    @Test
    void prefersTheOwnNodeHoweverSlow() {
        assertThat(ask(100, Map.of("null", 400L), List.of())).containsOnlyKeys("null");
    }

    @Test
    void usesASlowNodeLittleAndTriesItAgainNowAndThen() {
        Map<String, Integer> asked = ask(20_000, Map.of("n2", 300L, "n3", 1L), List.of(here));
        assertThat(asked.get("n2")).isBetween(2, 100);
        assertThat(asked.get("n3")).isGreaterThan(19_900);
    }

    @Test
    void usesNodesThatAreAlikeAlike() {
        show("n4", "n5");
        Map<String, Integer> asked = new HashMap<>();
        for (int i = 0; i < 8_000; i++) {
            asked.merge(String.valueOf(place(List.of(here)).nodeId()), 1, Integer::sum);
        }
        assertThat(asked).containsOnlyKeys("n2", "n3", "n4", "n5");
        assertThat(asked.values()).allSatisfy(times -> assertThat(times).isBetween(1_700, 2_300));
    }

    /** Asks so often before anybody answers. Returns how often each was asked. */
    private Map<String, Integer> askAtOnce(int times) {
        Map<String, Integer> asked = new HashMap<>();
        for (int i = 0; i < times; i++) {
            Place place = place(List.of(here));
            place.asked();
            asked.merge(String.valueOf(place.nodeId()), 1, Integer::sum);
        }
        return asked;
    }

    @Test
    void givesANodeThatHasJustAppearedItsShareOfWhatComesAtOnce() {
        ask(20, Map.of("n2", 300L, "n3", 300L), List.of(here));
        show("n2", "n3", "n4");
        assertThat(askAtOnce(90).values()).allSatisfy(times -> assertThat(times).isBetween(20, 40));
    }

    @Test
    void spreadsWhatComesAtOnceOverNodesThatHaveAllJustAppeared() {
        assertThat(askAtOnce(90).values()).allSatisfy(times -> assertThat(times).isBetween(40, 50));
    }

    @Test
    void triesASlowNodeAgainWithOneOfTheRequestsThatComeAtOnce() {
        Place slow = place(List.of(here));
        slow.asked();
        slow.answered(500 * MILLI, now);
        Place quick = place(List.of(here, slow));
        for (int i = 0; i < 20; i++) {
            now += SECOND;
            quick.asked();
            quick.answered(10 * MILLI, now);
            show("n2", "n3");
        }
        assertThat(askAtOnce(30)).containsEntry(String.valueOf(slow.nodeId()), 1);
    }

    @Test
    void leavesAPlaceAloneThatFailedForLongerEachTime() {
        for (long rest : new long[] {1, 2, 4, 8, 10, 10}) {
            fail(here);
            now += rest * SECOND - 1;
            show("n2");
            assertThat(place(List.of()).nodeId()).as("before " + rest + " s").isNotNull();
            now += 1;
            assertThat(place(List.of())).as("after " + rest + " s").isSameAs(here);
        }
        here.asked();
        here.answered(MILLI, now);
        fail(here);
        now += SECOND;
        assertThat(place(List.of())).isSameAs(here);
    }

    @Test
    void countsFailuresOfWhatWasUnderWayTogetherOnce() {
        for (int i = 0; i < 10; i++) {
            fail(here);
        }
        now += SECOND;
        assertThat(place(List.of())).isSameAs(here);
    }

    @Test
    void leavesAPlaceThatDidNotBeginAloneForAMoment() {
        here.asked();
        here.notBegun(now);
        now += 199 * MILLI;
        assertThat(place(List.of()).nodeId()).isNotNull();
        now += MILLI;
        assertThat(place(List.of())).isSameAs(here);
    }

    @Test
    void takesAPlaceThatRestsIfThereIsNoOther() {
        now += 3 * SECOND;
        places.refresh(nodes, now);
        fail(here);
        assertThat(place(List.of())).isSameAs(here);
        assertThat(places.choose(List.of(here), now)).isNull();
        show("n2");
        fail(place(List.of(here)));
        assertThat(place(List.of())).isSameAs(here);
        assertThat(place(List.of(here)).nodeId()).isEqualTo("n2");
        assertThat(places.hasElsewhere(here, now)).isFalse();
    }

    @Test
    void usesNoNodeThatHasNotShownItselfForTwoSeconds() {
        now += 2 * SECOND;
        places.refresh(nodes, now);
        assertThat(places.hasElsewhere(here, now)).isTrue();
        assertThat(places.isOffered(now)).isTrue();
        now += 1;
        places.refresh(nodes, now);
        assertThat(places.hasElsewhere(here, now)).isFalse();
        assertThat(places.choose(List.of(here), now)).isNull();
        assertThat(places.isOffered(now)).isFalse();
    }

    @Test
    void countsTheOwnNodeAsOneThatOffersButNotAsElsewhere() {
        now += 3 * SECOND;
        show("n1");
        assertThat(places.isOffered(now)).isTrue();
        assertThat(places.hasElsewhere(here, now)).isFalse();
    }
}
