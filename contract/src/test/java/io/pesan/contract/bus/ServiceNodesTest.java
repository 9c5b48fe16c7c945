package io.pesan.contract.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.Presence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceNodesTest {

    private static final long FORGOTTEN_AFTER = ServiceNodes.FORGOTTEN_AFTER.toNanos();

    /** Near the end of the clock's range: differences must be used, not comparisons. */
    private static final long START = Long.MAX_VALUE - 1;

    private final ServiceNodes nodes = new ServiceNodes();

    private static Presence presence(String nodeId, Route<?, ?>... routes) {
        return Presence.newBuilder()
                .setNodeId(nodeId)
                .addAllRoutes(List.of(routes).stream().map(Route::address).toList())
                .build();
    }

    @Test
    void tellsWhoOffersARoute() {
        nodes.see(presence("n1", Routes.INBOX, Routes.SESSION), START);
        nodes.see(presence("n2", Routes.INBOX), START);
        nodes.see(presence("n3"), START);
        assertThat(nodes.offering(Routes.INBOX, START)).containsExactlyInAnyOrder("n1", "n2");
        assertThat(nodes.offering(Routes.SESSION, START)).containsExactly("n1");
        assertThat(nodes.offering(Routes.ACCOUNTS, START)).isEmpty();
    }

    @Test
    void tellsWhatEachNodeOffers() {
        nodes.see(presence("n2", Routes.INBOX, Routes.SESSION), START);
        nodes.see(presence("n1"), START);
        assertThat(nodes.all(START))
                .isEqualTo(Map.of("n1", Set.of(), "n2", Set.of(Routes.INBOX.address(), Routes.SESSION.address())));
        assertThat(nodes.all(START + FORGOTTEN_AFTER + 1)).isEmpty();
    }

    @Test
    void forgetsWhoShowsItselfNoMore() {
        nodes.see(presence("n1", Routes.INBOX), START);
        nodes.see(presence("n2", Routes.INBOX), START + FORGOTTEN_AFTER / 2);
        assertThat(nodes.offering(Routes.INBOX, START + FORGOTTEN_AFTER)).containsExactlyInAnyOrder("n1", "n2");
        assertThat(nodes.offering(Routes.INBOX, START + FORGOTTEN_AFTER + 1)).containsExactly("n2");
        nodes.see(presence("n1", Routes.INBOX), START + FORGOTTEN_AFTER + 2);
        assertThat(nodes.offering(Routes.INBOX, START + FORGOTTEN_AFTER + 2)).containsExactlyInAnyOrder("n1", "n2");
    }

    @Test
    void believesTheLastThatWasShown() {
        nodes.see(presence("n1", Routes.INBOX), START);
        nodes.see(presence("n1", Routes.SESSION), START);
        assertThat(nodes.offering(Routes.INBOX, START)).isEmpty();
        assertThat(nodes.offering(Routes.SESSION, START)).containsExactly("n1");
    }

    @Test
    void doesNotWaitForWhoLeaves() {
        nodes.see(presence("n1", Routes.INBOX), START);
        nodes.see(presence("n1", Routes.INBOX).toBuilder().setLeaving(true).build(), START);
        assertThat(nodes.offering(Routes.INBOX, START)).isEmpty();
    }
}
