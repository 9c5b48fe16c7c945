package io.pesan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadRunIT {

    private static final Duration WARMUP = Duration.ofMillis(300);
    private static final Duration DURATION = Duration.ofMillis(700);

    private final Responder server = new Responder();
    private final Drain nothing = new Drain(Map.of());
    private final Recipients recipients = new Recipients(AccountOptions.bench(7), "hola", nothing);
    private final LoadRun run = new LoadRun(server.address(), WARMUP, DURATION, List.of());

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void keepsEveryConnectionBusy() {
        Result result = measure(new Shape(20, 8, 0));
        assertThat(result.tally().ok()).isGreaterThan(1000);
        assertThat(result.tally().errors()).isEmpty();
        assertThat(result.tally().latency().getTotalCount()).isPositive();
        assertThat(result.generatorCpuSeconds()).isPositive();
    }

    @Test
    void keepsToARate() {
        // What a pause of this machine holds up at the beginning or the end is counted on the wrong side of it.
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Result result = measure(new Shape(5, 4, 2000));
            assertThat(result.perSecond()).isCloseTo(2000, within(200.0));
            assertThat(result.tally().errors()).isEmpty();
        });
    }

    @Test
    void measuresWhatIsAnsweredAfterTheConnectionIsMadeAnew() {
        Result result = run.measure(new Shape(3, 1, 0), (i, tally) -> new ConnectConversation(tally), nothing);
        assertThat(result.tally().ok()).isGreaterThan(10);
        assertThat(result.tally().errors()).isEmpty();
    }

    private Result measure(Shape shape) {
        return run.measure(shape, (i, tally) -> new SendConversation("token", recipients, i, 1, tally), nothing);
    }
}
