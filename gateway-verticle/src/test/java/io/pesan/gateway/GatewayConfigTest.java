package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {

    private static final Duration NEGATIVE = Duration.ofMillis(-1);
    private static final Duration OFF = Duration.ZERO;

    private static void assertNamesTheKey(String key, ThrowingCallable construction) {
        assertThatThrownBy(construction)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @Test
    void namesTheKeyThatIsWrong() {
        GatewayLimits limits = GatewayUnderTest.LIMITS;
        GatewayTimeouts timeouts = GatewayUnderTest.PATIENT;
        ListenAddress listen = new ListenAddress("h", 0, List.of());
        assertNamesTheKey("node.id", () -> new GatewayConfig(" ", listen, limits, timeouts, false));
        assertNamesTheKey("gateway.port", () -> new ListenAddress("h", -1, List.of()));
        assertNamesTheKey("gateway.port", () -> new ListenAddress("h", 65_536, List.of()));
        for (String network : List.of("10.0.0.0", "10.0.0.0/33", "example.org/8", "")) {
            assertNamesTheKey("gateway.proxy-protocol-from", () -> new ListenAddress("h", 0, List.of(network)));
        }
    }

    @Test
    void namesTheLimitThatIsWrong() {
        assertNamesTheKey("gateway.max-line-bytes", () -> new GatewayLimits(255, 0, 1, 1, 1));
        assertNamesTheKey("gateway.max-connections", () -> new GatewayLimits(256, -1, 1, 1, 1));
        assertNamesTheKey("gateway.max-pipelined", () -> new GatewayLimits(256, 0, 0, 1, 1));
        assertNamesTheKey("gateway.max-pending-write-bytes", () -> new GatewayLimits(256, 0, 1, 0, 1));
        assertNamesTheKey("gateway.max-buffered-bytes", () -> new GatewayLimits(256, 0, 1, 1, 0));
    }

    @Test
    void aDrainThatIsNotLimitedLeavesTimeForEveryReply() {
        Duration limit = Duration.ofSeconds(3);
        assertThat(new GatewayTimeouts(OFF, OFF, OFF, OFF, OFF, OFF).longestDrain())
                .isGreaterThan(Duration.ofSeconds(5));
        assertThat(new GatewayTimeouts(OFF, OFF, OFF, OFF, OFF, limit).longestDrain())
                .isEqualTo(limit);
    }

    @Test
    void namesTheTimeoutThatIsWrong() {
        assertNamesTheKey("gateway.first-auth-timeout", () -> new GatewayTimeouts(NEGATIVE, OFF, OFF, OFF, OFF, OFF));
        assertNamesTheKey("gateway.line-timeout", () -> new GatewayTimeouts(OFF, NEGATIVE, OFF, OFF, OFF, OFF));
        assertNamesTheKey("gateway.idle-timeout", () -> new GatewayTimeouts(OFF, OFF, NEGATIVE, OFF, OFF, OFF));
        assertNamesTheKey("gateway.legacy-idle-timeout", () -> new GatewayTimeouts(OFF, OFF, OFF, NEGATIVE, OFF, OFF));
        assertNamesTheKey("gateway.write-timeout", () -> new GatewayTimeouts(OFF, OFF, OFF, OFF, NEGATIVE, OFF));
        assertNamesTheKey("gateway.drain-timeout", () -> new GatewayTimeouts(OFF, OFF, OFF, OFF, OFF, NEGATIVE));
    }
}
