package io.pesan.node.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pesan.node.metrics.Samples;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final String BEFORE = """
            # HELP pesan_gateway_connections Client connections that are served now.
            pesan_gateway_connections 90.0
            pesan_gateway_commands_total{command="send",outcome="ok"} 1000.0
            pesan_gateway_commands_total{command="send",outcome="unavailable"} 0.0
            pesan_gateway_command_seconds_bucket{command="send",le="0.001"} 1000.0
            pesan_gateway_command_seconds_bucket{command="send",le="0.01"} 1000.0
            pesan_gateway_command_seconds_bucket{command="send",le="+Inf"} 1000.0
            pesan_inbox_messages_accepted_total 1000.0
            pesan_inbox_messages_removed_total{reason="ack"} 10.0
            pesan_redis_connected 1.0
            """;
    private static final String NOW = """
            pesan_gateway_connections 100.0
            pesan_gateway_commands_total{command="send",outcome="ok"} 1900.0
            pesan_gateway_commands_total{command="send",outcome="unavailable"} 100.0
            pesan_gateway_command_seconds_bucket{command="send",le="0.001"} 1500.0
            pesan_gateway_command_seconds_bucket{command="send",le="0.01"} 2000.0
            pesan_gateway_command_seconds_bucket{command="send",le="+Inf"} 2000.0
            pesan_inbox_messages_accepted_total 1900.0
            pesan_inbox_messages_removed_total{reason="ack"} 20.0
            pesan_redis_connected 0.0
            """;

    @Test
    void showsWhatHappenedBetweenTwoScrapes() {
        Figures figures = new Figures(Samples.parse(BEFORE), Samples.parse(NOW), TimeUnit.SECONDS.toNanos(10));

        assertThat(figures.connections()).isEqualTo(100);
        assertThat(figures.commands()).isEqualTo(100);
        assertThat(figures.unavailable()).isEqualTo(10);
        assertThat(figures.errors()).isZero();
        assertThat(figures.stored()).isEqualTo(90);
        assertThat(figures.backlog()).isEqualTo(1_880);
        assertThat(figures.latency(0.5)).isEqualTo(0.001);
        assertThat(figures.latency(0.75)).isCloseTo(0.0055, within(1e-9));
        assertThat(figures.redis()).isFalse();
    }

    @Test
    void hasALineForEachNodeAndOneForAll() {
        Reading before = new Reading(0, Samples.parse(BEFORE), "");
        Reading now = new Reading(TimeUnit.SECONDS.toNanos(10), Samples.parse(NOW), "");
        Map<String, Reading[]> readings = new LinkedHashMap<>();
        readings.put("one:9889", new Reading[] {before, now});
        readings.put("two:9889", new Reading[] {before, now});
        readings.put("gone:9889", new Reading[] {before, Reading.failed("does not answer")});

        List<String> lines = Table.of(readings, Screen.UNLIMITED).lines().toList();

        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).startsWith("NODE ").endsWith(" LAG P99");
        assertThat(lines.get(1)).startsWith("one:9889").contains("100", "DOWN");
        assertThat(lines.get(3)).startsWith("all").contains(" 200 ", "3760");
        assertThat(lines.get(4)).isEqualTo(String.format("%-24s does not answer", "gone:9889"));
    }

    @Test
    void doesNotCallUpWhatANodeDoesNotUse() {
        Reading gateway = new Reading(1, Samples.parse("pesan_gateway_connections 1.0\n"), "");
        Map<String, Reading[]> readings = Map.of("one:9889", new Reading[] {gateway, gateway});

        List<String> lines = Table.of(readings, Screen.UNLIMITED).lines().toList();

        int redis = lines.get(0).indexOf(" REDIS") + 1;
        assertThat(lines.get(1).substring(redis, redis + "REDIS".length()).strip())
                .isEqualTo("-");
    }

    @Test
    void putsBelowEachOtherWhatDoesNotFitNextToIt() {
        Reading now = new Reading(1, Samples.parse(NOW), "");
        Map<String, Reading[]> readings = Map.of("one:9889", new Reading[] {now, now});

        List<String> lines = Table.of(readings, 80).lines().toList();

        assertThat(lines).hasSize(6).allMatch(line -> line.length() <= 80);
        assertThat(lines.get(0)).startsWith("NODE ").contains("CONNS");
        assertThat(lines.get(4)).startsWith("NODE ").endsWith("LAG P99");
        assertThat(Table.of(readings, 1).lines()).as("one figure at least").hasSize(32);
    }

    @Test
    void saysNothingOfAllIfNobodyAnswers() {
        Reading gone = Reading.failed("does not answer");
        Map<String, Reading[]> readings =
                Map.of("one:9889", new Reading[] {gone, gone}, "two:9889", new Reading[] {gone, gone});

        assertThat(Table.of(readings, Screen.UNLIMITED)).doesNotContain("up").doesNotContain("all ");
    }

    @Test
    void keepsItsColumnsNextToALongName() {
        Reading now = new Reading(1, Samples.parse(NOW), "");
        String longName = "a-node-of-the-name-of-a-pod-0.pesan.svc.cluster.local:9889";
        Map<String, Reading[]> readings =
                Map.of("one:9889", new Reading[] {now, now}, longName, new Reading[] {now, now});

        assertThat(Table.of(readings, Screen.UNLIMITED)
                        .lines()
                        .map(String::length)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void countsFromZeroOfANodeThatWasStartedAgain() {
        String later = "process_start_time_seconds 1000.0\n";
        Figures figures = new Figures(
                Samples.parse(NOW + "process_start_time_seconds 1.0\n"),
                Samples.parse(BEFORE + later),
                TimeUnit.SECONDS.toNanos(10));

        assertThat(figures.commands()).isEqualTo(100);
        assertThat(figures.latency(0.5)).isEqualTo(0.0005);
    }

    @Test
    void knowsATerminalsWidthIfItTells() {
        assertThat(Screen.columns("24 80\n")).isEqualTo(80);
        assertThat(Screen.columns("0 0\n")).isEqualTo(Screen.UNLIMITED);
        assertThat(Screen.columns("")).isEqualTo(Screen.UNLIMITED);
    }
}
