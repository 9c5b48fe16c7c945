package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.protocol.MessageId;
import org.junit.jupiter.api.Test;

class RecentArrivalsTest {

    private final RecentArrivals arrivals = new RecentArrivals();

    private static MessageId id(long millis) {
        return new MessageId(millis, 0);
    }

    @Test
    void knowsTheNewestMessageOfEachInboxItWasToldOf() {
        arrivals.told("messi", id(5));
        arrivals.told("messi", id(3));
        arrivals.told("henderson", id(9));
        assertThat(arrivals.mayBeBehind("messi", id(4))).isTrue();
        assertThat(arrivals.mayBeBehind("messi", id(5))).isFalse();
        assertThat(arrivals.mayBeBehind("lineker", MessageId.NONE)).isFalse();
    }

    @Test
    void suspectsThatAnyInboxHadTheNewestOfTheMessagesItForgot() {
        for (int i = 1; i <= RecentArrivals.MAX_INBOXES + 10; i++) {
            arrivals.told("user-" + i, id(i));
        }
        assertThat(arrivals.mayBeBehind("user-1", id(9))).isTrue();
        assertThat(arrivals.mayBeBehind("user-1", id(10))).isFalse();
        assertThat(arrivals.mayBeBehind("user-11", id(10))).isTrue();
        assertThat(arrivals.mayBeBehind("user-11", id(11))).isFalse();
    }
}
