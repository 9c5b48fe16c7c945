package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that are shipped, by themselves: Prometheus understands them, they do what they say, each alert is explained. */
class MonitoringRulesIT {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check config prometheus.yml",
                "check rules recording.yml alerts.yml",
                "test rules rules-test.yml"
            })
    void promtoolHasNothingToSay(String arguments) {
        assumeTrue(Prometheus.isInstalled(), "promtool is not installed (package prometheus)");
        String[] command = ("promtool " + arguments).split(" ");
        Program.Outcome checked = Program.run(Prometheus.SHIPPED, "", command);

        assertThat(checked.status()).as(checked.output()).isZero();
    }

    @Test
    void everyAlertHasARunbookAndATest() throws IOException {
        String alerts = Files.readString(Prometheus.SHIPPED.resolve("alerts.yml"));
        String tests = Files.readString(Prometheus.SHIPPED.resolve("rules-test.yml"));
        String operations = Files.readString(Path.of("..", "docs", "operations.md"));
        String well = tests.substring(tests.indexOf("  - name: 'a service that is well, only just'"));
        List<String> names = matches("alert: (\\w+)", alerts);

        assertThat(names).hasSizeGreaterThan(10).allSatisfy(name -> {
            assertThat(operations).contains("\n### " + name + "\n");
            assertThat(alerts)
                    .contains("runbook: docs/operations.md#" + name.toLowerCase(java.util.Locale.ROOT) + "\n");
            assertThat(tests).containsPattern("alertname: " + name + "\n        exp_alerts:\n");
            assertThat(well).containsPattern("alertname: " + name + "\n(?! +exp_alerts)");
        });
        assertThat(matches("\n### (Pesan\\w+)", operations)).containsExactlyElementsOf(names);
    }

    @Test
    void everyMetricOfOursIsDescribed() throws IOException {
        String operations = Files.readString(Path.of("..", "docs", "operations.md"));
        String used = Files.readString(Prometheus.SHIPPED.resolve("alerts.yml"))
                + Files.readString(Prometheus.SHIPPED.resolve("recording.yml"))
                + Files.readString(Prometheus.DASHBOARD);

        assertThat(matches("\\b(pesan_[a-z_]+?)(?:_bucket|_sum|_count)?\\b", used).stream()
                        .distinct())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(operations)
                        .as(name)
                        .containsAnyOf(
                                "`" + name + "`", "`…" + name.replaceFirst(".*(_opened_total|_queue)$", "$1") + "`"));
    }

    static List<String> matches(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
