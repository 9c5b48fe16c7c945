package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.redis.testing.LogLines;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowCallsTest {

    private static final String SLOW = "Redis answers slowly";
    private static final String QUICK = "Redis answers quickly again";

    private final LogLines log = new LogLines(SlowCalls.class);
    private final SlowCalls calls = new SlowCalls("10.0.0.7:6379");
    private long halfSeconds;

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void tellsOnceHowLongAnswersTakeAndOnceThatTheyAreQuickAgain() {
        looks(3, 1, 150);
        assertThat(log.all()).isEmpty();

        looks(20, 50, 150);
        assertThat(log.all()).singleElement().satisfies(line -> {
            assertThat(line.level()).isEqualTo("WARN");
            assertThat(line.message()).isEqualTo(SLOW);
            assertThat(line.keys())
                    .containsEntry("server", "10.0.0.7:6379")
                    .containsEntry("meanMillis", "81")
                    .containsEntry("slowestMillis", "150");
        });

        looks(19, 1);
        assertThat(log.messages()).containsExactly(SLOW);
        looks(30, 1);
        assertThat(log.messages()).containsExactly(SLOW, QUICK);
        assertThat(log.all().get(1).level()).isEqualTo("INFO");
    }

    @Test
    void saysNothingOfAPause() {
        for (int i = 0; i < 20; i++) {
            looks(2, 1, 800);
            looks(20, 1);
        }
        assertThat(log.all()).isEmpty();
    }

    @Test
    void saysNothingOfWhatIsJustQuickEnough() {
        looks(1_000, 99);
        assertThat(log.all()).isEmpty();
    }

    @Test
    void tellsOfAServerThatIsSlowNowAndThen() {
        for (int i = 0; i < 4; i++) {
            looks(3, 1);
            looks(1, 1, 300);
        }
        assertThat(log.messages()).containsExactly(SLOW);
    }

    @Test
    void tellsOnceAMinuteWhileItLasts() {
        looks(4 + 5 * 120, 200);
        assertThat(log.messages()).containsExactly(SLOW, SLOW, SLOW, SLOW, SLOW, SLOW);
    }

    @Test
    void takesATimeWithoutAnswersForNeither() {
        looks(3, 200);
        looks(1_000);
        assertThat(log.all()).isEmpty();
        looks(1, 200);
        assertThat(log.messages()).containsExactly(SLOW);
        looks(1_000);
        assertThat(log.messages()).containsExactly(SLOW);
    }

    @Test
    void warnsAtMostOnceInTenSecondsHoweverItWavers() {
        for (int i = 0; i < 60; i++) {
            looks(4, 200);
            looks(20, 1);
        }
        assertThat(log.messages().stream().filter(SLOW::equals)).hasSize(60);
        assertThat(halfSeconds).isGreaterThanOrEqualTo(60 * 20);
    }

    /** So many half-seconds with such answers in each. */
    private void looks(int times, long... millis) {
        for (int i = 0; i < times; i++) {
            for (long one : millis) {
                calls.took(TimeUnit.MILLISECONDS.toNanos(one));
            }
            calls.look(TimeUnit.MILLISECONDS.toNanos(500 * ++halfSeconds));
        }
    }
}
