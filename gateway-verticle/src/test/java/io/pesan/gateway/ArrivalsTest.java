package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When what is read after a silence of the loop counts as having come. */
class ArrivalsTest {

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long AGE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Between the two dates in question. */
    private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LoopSilence silence = new LoopSilence(System.nanoTime() - SILENCE_NANOS);
    private long ageNanos;
    private long receivedBytes;

    /** The system's knowledge, as the test has it. */
    private final Arrivals.Kernel kernel = new Arrivals.Kernel() {
        @Override
        public long ageNanos() {
            return ageNanos;
        }

        @Override
        public long receivedBytes() {
            return receivedBytes;
        }
    };

    private final EmbeddedChannel channel = new EmbeddedChannel(new Arrivals(silence, kernel));

    /** How long ago what is read in one go counts as having come. */
    private long read(String text, int bufferBytes) {
        ByteBuf buffer = Unpooled.buffer(bufferBytes, bufferBytes).writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        channel.writeInbound(buffer);
        Arrivals.Chunk chunk = channel.readInbound();
        return System.nanoTime() - chunk.readNanos();
    }

    @Test
    void datesALastCommandByWhenItCame() {
        receivedBytes = 7;
        ageNanos = AGE_NANOS;
        assertThat(read("ping\r\n\n", 64)).isBetween(AGE_NANOS, OLD_NANOS);
    }

    @Test
    void datesCommandsBeforeAnotherByTheBeginningOfTheSilence() {
        receivedBytes = 10;
        assertThat(read("ping\nping\n", 64)).isGreaterThan(OLD_NANOS);
        receivedBytes = 20;
        assertThat(read("ping\nping\n", 64)).as("what comes afterwards").isLessThan(AGE_NANOS);
    }

    @Test
    void datesWhatIsNotAllThatLayThereByTheBeginningOfTheSilence() {
        receivedBytes = 20;
        long first = read("ping\n", 5);
        long second = read("ping\nping\n", 10);
        receivedBytes = 1_000;
        long last = read("ping\n", 5);
        long afterwards = read("ping\nping\n", 10);
        assertThat(List.of(first, second)).allMatch(ago -> ago > OLD_NANOS);
        assertThat(List.of(last, afterwards)).allMatch(ago -> ago < AGE_NANOS);
    }

    @Test
    void isNotMisledByAReadThatHappensToFillItsBuffer() {
        receivedBytes = 5;
        ageNanos = AGE_NANOS;
        assertThat(read("ping\n", 5)).isBetween(AGE_NANOS, OLD_NANOS);
        ageNanos = 0;
        assertThat(read("ping\nping\n", 64)).isLessThan(AGE_NANOS);
    }

    @Test
    void believesWhoSpeaksMoreThanHalfASecondAfterTheSilence() {
        runSince(TimeUnit.MILLISECONDS.toNanos(600));
        assertThat(read("ping\nping\n", 64)).isLessThan(AGE_NANOS);
    }

    @Test
    void doubtsWhoSpeaksRightAfterTheSilence() {
        runSince(0);
        assertThat(read("ping\nping\n", 64)).isGreaterThan(OLD_NANOS);
    }

    @Test
    void takesASilenceThatFollowsAtOnceForTheSame() {
        runSince(TimeUnit.MILLISECONDS.toNanos(1_500));
        assertThat(read("ping\nping\n", 64)).isGreaterThan(OLD_NANOS);
    }

    /** The silence ended so long ago, and the loop has not been seen since. */
    private void runSince(long nanosAgo) {
        silence.running(System.nanoTime() - nanosAgo);
        receivedBytes = 10;
    }
}
