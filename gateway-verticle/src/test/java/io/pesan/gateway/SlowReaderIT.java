package io.pesan.gateway;

import static io.pesan.gateway.GatewayUnderTest.LIMITS;
import static io.pesan.gateway.ScriptedServices.TOKEN;
import static io.pesan.gateway.ScriptedServices.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Who takes long to read an inbox reply that the operating system has taken off the gateway's hands. */
class SlowReaderIT {

    private static final Duration OFF = Duration.ZERO;
    /** Whatever the configuration says: a hand-over has twice its five seconds, and is first looked at after five. */
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(10);

    private static final int PART = 20_000;

    @Test
    void isWaitedForAsLongAsItReads() throws IOException {
        GatewayTimeouts hasty = new GatewayTimeouts(OFF, OFF, OFF, OFF, Duration.ofSeconds(1), OFF);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, hasty)) {
            assumeTrue(gateway.vertx.isNativeTransportEnabled(), "only epoll tells what is acknowledged");
            gateway.services.pending = Collections.nCopies(500, message("7-1", "messi", "M", "x".repeat(1_000)));
            try (RawClient slow = RawClient.connect(gateway.port(), 4_096);
                    RawClient stuck = RawClient.connect(gateway.port(), 4_096)) {
                slow.say("inbox " + TOKEN + "\n");
                stuck.say("inbox " + TOKEN + "\n");
                long start = System.nanoTime();
                await().atMost(LEAST_PATIENCE.multipliedBy(3))
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> {
                            slow.skip(PART);
                            return System.nanoTime() - start
                                    > LEAST_PATIENCE.plusSeconds(8).toNanos();
                        });
                assertThat(slow.reply()).hasSizeGreaterThan(500 * 1_000 - 20 * PART);
                assertThat(slow.ask("ping")).contains("pong");
                assertThatIsCutOff(stuck);
            }
        }
    }

    private static void assertThatIsCutOff(RawClient client) {
        assertThat(catchThrowable(client::reply)).hasMessageContaining("reset");
    }
}
