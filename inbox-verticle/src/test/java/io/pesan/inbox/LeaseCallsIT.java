package io.pesan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.HandoverSettled;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.testing.RedisForTests;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ReleaseCall} and {@link RenewCall}. */
class LeaseCallsIT {

    private static final Username HENDERSON = new Username("henderson");
    private static final String LEASE = RedisKeys.inboxLease(HENDERSON);

    @Order(1)
    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @Order(2)
    @RegisterExtension
    static final CallRunner RUNNER = new CallRunner(REDIS.config());

    @BeforeEach
    void lease() {
        REDIS.clear();
        REDIS.call("SET", LEASE, "owner", "PX", "2500");
    }

    @Test
    void releasesTheOwnersLease() {
        assertThat(settle(new ReleaseCall(0, HENDERSON, "owner")).getHeld()).isTrue();
        assertThat(REDIS.call("EXISTS", LEASE)).isEqualTo(0L);
        assertThat(settle(new ReleaseCall(0, HENDERSON, "owner")).getHeld()).isFalse();
    }

    @Test
    void releasesNobodyElsesLease() {
        assertThat(settle(new ReleaseCall(0, HENDERSON, "another")).getHeld()).isFalse();
        assertThat(REDIS.call("GET", LEASE)).isEqualTo("owner");
    }

    @Test
    void renewsTheOwnersLease() {
        assertThat(settle(new RenewCall(0, HENDERSON, "owner")).getHeld()).isTrue();
        assertThat((Long) REDIS.call("PTTL", LEASE)).isBetween(2_501L, 5_000L);
    }

    @Test
    void renewsNobodyElsesLeaseAndNoneThatHasLapsed() {
        assertThat(settle(new RenewCall(0, HENDERSON, "another")).getHeld()).isFalse();
        assertThat((Long) REDIS.call("PTTL", LEASE)).isBetween(0L, 2_500L);
        REDIS.call("DEL", LEASE);
        assertThat(settle(new RenewCall(0, HENDERSON, "owner")).getHeld()).isFalse();
        assertThat(REDIS.call("EXISTS", LEASE)).isEqualTo(0L);
    }

    private static HandoverSettled settle(InboxCall call) {
        return RUNNER.run(call).get(0).getSettled();
    }
}
