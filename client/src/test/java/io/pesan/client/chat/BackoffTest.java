package io.pesan.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void waitsLongerEachTimeUpToTenSecondsAndBeginsAnewAfterASuccess() {
        Backoff backoff = new Backoff(new Random(7));
        long longest = 200;
        for (int i = 0; i < 20; i++) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(longest / 2), Duration.ofMillis(longest));
            longest = Math.min(longest * 2, 10_000);
        }
        backoff.reset();
        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(200));
    }
}
