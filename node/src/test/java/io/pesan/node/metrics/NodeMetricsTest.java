package io.pesan.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pesan.contract.protocol.ErrorCode;
import io.pesan.gateway.GatewayMetrics;
import io.pesan.inbox.InboxMetrics;
import io.pesan.redis.RedisMetrics;
import io.pesan.session.SessionMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {

    private final NodeMetrics metrics = new NodeMetrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void addsUpWhatEventLoopsCountForThemselves() {
        GatewayMetrics one = metrics.gateway();
        GatewayMetrics other = metrics.gateway();
        one.opened();
        other.opened();
        other.opened();
        other.closed(GatewayMetrics.CloseReason.QUIT);

        Samples seen = scrape();

        assertThat(seen.sum("pesan_gateway_connections")).isEqualTo(2);
        assertThat(seen.sum("pesan_gateway_connections_opened_total")).isEqualTo(3);
        assertThat(seen.sum("pesan_gateway_connections_closed_total", "reason", "quit"))
                .isEqualTo(1);
    }

    @Test
    void countsRepliesByCommandAndOutcomeAndMeasuresTheirTimes() {
        GatewayMetrics.CommandMetrics send = metrics.gateway().command("send");
        send.answered(null, TimeUnit.MICROSECONDS.toNanos(99));
        send.answered(null, TimeUnit.MICROSECONDS.toNanos(101));
        send.answered(ErrorCode.INBOX_FULL, TimeUnit.SECONDS.toNanos(6));

        Samples seen = scrape();

        assertThat(seen.sum("pesan_gateway_commands_total", "outcome", "ok")).isEqualTo(2);
        assertThat(seen.sum("pesan_gateway_commands_total", "outcome", "inbox_full"))
                .isEqualTo(1);
        assertThat(seen.sum("pesan_gateway_command_seconds_bucket", "le", "1.0E-4"))
                .isEqualTo(1);
        assertThat(seen.sum("pesan_gateway_command_seconds_bucket", "le", "2.5E-4"))
                .isEqualTo(2);
        assertThat(seen.sum("pesan_gateway_command_seconds_bucket", "le", "5.0"))
                .isEqualTo(2);
        assertThat(seen.sum("pesan_gateway_command_seconds_bucket", "le", "+Inf"))
                .isEqualTo(3);
        assertThat(seen.sum("pesan_gateway_command_seconds_sum")).isEqualTo(6.0002);
    }

    @Test
    void tellsWhenTheCertificateExpiresThatIsInUseNow() {
        AtomicReference<Instant> expiry = new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000));
        metrics.busCertificate(expiry::get);
        assertThat(scrape().sum("pesan_bus_certificate_expiry_timestamp_seconds"))
                .isEqualTo(1.8e9);

        expiry.set(Instant.ofEpochSecond(1_900_000_000));

        assertThat(scrape().sum("pesan_bus_certificate_expiry_timestamp_seconds"))
                .isEqualTo(1.9e9);
    }

    @Test
    void tellsHowLongAnEventLoopHasBeenSilentWhileItStillIs() {
        AtomicLong silence = new AtomicLong(TimeUnit.MILLISECONDS.toNanos(50));
        metrics.eventLoopSilence(silence::get);
        assertThat(scrape().sum("pesan_event_loop_silence_seconds")).isEqualTo(0.05);

        silence.set(TimeUnit.SECONDS.toNanos(40));

        assertThat(scrape().sum("pesan_event_loop_silence_seconds")).isEqualTo(40);
    }

    @Test
    void showsFromTheStartWhetherItDrainsAndWhetherItIsInACluster() {
        AtomicBoolean draining = new AtomicBoolean();
        metrics.draining(draining::get);
        metrics.clusterEnabled(true);
        assertThat(scrape().of("pesan_node_draining"))
                .singleElement()
                .satisfies(sample -> assertThat(sample.value()).isZero());
        assertThat(scrape().sum("pesan_cluster_enabled")).isEqualTo(1);

        draining.set(true);

        assertThat(scrape().sum("pesan_node_draining")).isEqualTo(1);
    }

    @Test
    void showsEverySeriesOfABoundedLabelFromTheStart() {
        metrics.gateway().command("send");
        metrics.session();
        metrics.inbox();
        metrics.redis().mayCall(List.of("append"));

        Samples seen = scrape();

        assertThat(seen.of("pesan_gateway_commands_total")).hasSize(ErrorCode.values().length + 1);
        assertThat(seen.of("pesan_gateway_connections_closed_total"))
                .hasSize(GatewayMetrics.CloseReason.values().length);
        assertThat(seen.of("pesan_session_logins_total")).hasSize(SessionMetrics.LoginOutcome.values().length);
        assertThat(seen.of("pesan_inbox_messages_removed_total").map(sample -> sample.label("reason")))
                .containsExactlyInAnyOrder("ack", "inbox", "retention", "account");
        assertThat(seen.of("pesan_inbox_messages_rejected_total")).hasSize(InboxMetrics.Rejection.values().length);
        assertThat(seen.of("pesan_redis_command_seconds_count")).hasSize(RedisMetrics.Outcome.values().length);
    }

    @Test
    void countsFailedCallsToRedisAboveEveryBoundAndAnsweredOnesByTheirTimes() {
        RedisMetrics link = metrics.redis();
        link.mayCall(List.of("append"));
        link.answered("append", 3, RedisMetrics.Outcome.OK, TimeUnit.MILLISECONDS.toNanos(2));
        link.answered("append", 2, RedisMetrics.Outcome.TIMEOUT, TimeUnit.MILLISECONDS.toNanos(1_500));

        Samples seen = scrape();

        assertThat(seen.of("pesan_redis_command_seconds_bucket")
                        .filter(sample -> sample.label("outcome").equals("ok")))
                .hasSize(16);
        assertThat(seen.sum("pesan_redis_command_seconds_bucket", "le", "0.0025"))
                .isEqualTo(3);
        assertThat(seen.sum("pesan_redis_command_seconds_bucket", "le", "5.0")).isEqualTo(3);
        assertThat(seen.of("pesan_redis_command_seconds_bucket")
                        .filter(sample -> sample.label("outcome").equals("timeout")))
                .singleElement()
                .satisfies(bucket -> {
                    assertThat(bucket.label("le")).isEqualTo("+Inf");
                    assertThat(bucket.value()).isEqualTo(2);
                });
        assertThat(seen.sum("pesan_redis_command_seconds_count", "outcome", "timeout"))
                .isEqualTo(2);
        assertThat(seen.sum("pesan_redis_command_seconds_sum", "outcome", "timeout"))
                .isEqualTo(3);
    }

    @Test
    void isConnectedToRedisWhenEveryLinkIs() {
        RedisMetrics one = metrics.redis();
        RedisMetrics other = metrics.redis();
        one.up(true);
        assertThat(scrape().sum("pesan_redis_connected")).isZero();

        other.up(true);
        assertThat(scrape().sum("pesan_redis_connected")).isEqualTo(1);

        one.up(false);
        assertThat(scrape().sum("pesan_redis_connected")).isZero();
    }

    @Test
    void writesOpenMetricsForWhoAsksForIt() {
        assertThat(metrics.scrape("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"))
                .satisfies(scrape -> assertThat(scrape.type()).startsWith("application/openmetrics-text"))
                .satisfies(scrape -> assertThat(scrape.text()).endsWith("# EOF\n"));
        assertThat(metrics.scrape(null).type()).startsWith("text/plain");
    }

    @Test
    void countsOpenFiles() throws IOException {
        double before = scrape().sum("process_files_open_files");
        List<InputStream> files = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                files.add(Files.newInputStream(Path.of("pom.xml")));
            }
            // Other threads may open and close some meanwhile.
            assertThat(scrape().sum("process_files_open_files") - before).isCloseTo(100, within(30.0));
            assertThat(scrape().sum("process_files_max_files")).isGreaterThan(before);
        } finally {
            for (InputStream file : files) {
                file.close();
            }
        }
    }

    @Test
    void namesTheVersion() {
        assertThat(scrape().of("pesan_build_info"))
                .singleElement()
                .satisfies(info -> assertThat(info.label("version")).matches("\\d+\\.\\d+\\.\\d+.*"));
    }

    private Samples scrape() {
        return Samples.parse(metrics.scrape(null).text());
    }
}
