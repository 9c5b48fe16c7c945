package io.pesan.gateway;

import static io.pesan.gateway.ScriptedServices.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client said while the event loop did not run: it may have given up, and gone to another node. */
class HaltedProcessIT {

    /** Longer than a command may take. */
    private static final long HALT_MILLIS = 6_000;

    private static final long LATE_MILLIS = 5_000;
    private static final int MANY = 2_000;

    @Test
    void refusesWhatLayInTheSocketAndServesWhatCameAtTheEnd() throws Exception {
        try (GatewayUnderTest gateway = GatewayUnderTest.startOnOneLoop();
                RawClient early = gateway.connectAndAuth();
                RawClient late = gateway.connectAndAuth();
                RawClient both = gateway.connectAndAuth();
                RawClient many = gateway.connectAndAuth()) {
            assumeTrue(gateway.vertx.isNativeTransportEnabled(), "only epoll tells when bytes came");
            CountDownLatch halted = new CountDownLatch(1);
            gateway.vertx.runOnContext(halt -> {
                halted.countDown();
                sleep(HALT_MILLIS);
            });
            halted.await();
            early.say("send henderson early\r\n");
            both.say("@a send henderson early\r\n");
            // More than is read at once.
            many.say("send henderson early\r\n".repeat(MANY));
            try (RawClient fresh = gateway.connect()) {
                fresh.say("send " + TOKEN + " henderson early\r\n");
                sleep(LATE_MILLIS);
                late.say("send henderson late\r\n");
                both.say("@b ping\r\n");

                assertThat(early.reply()).contains("UNAVAILABLE");
                assertThat(fresh.reply()).contains("UNAVAILABLE");
                // Only of the last thing that a client said is it known when.
                assertThat(both.reply()).contains("UNAVAILABLE").contains("\"a\"");
                assertThat(both.reply()).contains("pong").contains("\"b\"");
                assertThat(many.replies(MANY)).allMatch(reply -> reply.contains("UNAVAILABLE"));
                assertThat(many.ask("send henderson afterwards")).contains("Message Sent");
                assertThat(late.reply()).contains("Message Sent");
                assertThat(early.ask("send henderson afterwards")).contains("Message Sent");
            }
            await().until(() -> gateway.services.inboxBatches.size() >= 2);
            assertThat(gateway.services.inboxBatches.toString())
                    .contains("late", "afterwards")
                    .doesNotContain("early");
        }
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
