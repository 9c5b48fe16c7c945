package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.node.metrics.Samples;
import io.pesan.node.metrics.Samples.Sample;
import io.pesan.redis.testing.RedisForTests;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Before anybody has asked a node for anything it shows every series that docs/operations.md tells of. */
class MetricsFromTheStartIT {

    private static final String COMMANDS = " command=unknown,auth,send,inbox,listuser,logout,resume,whoami,fetch,ack,"
            + "listen,unlisten,passwd,ping,help,quit";
    private static final String ROUTES = " route=inbox,session,credentials";

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    @TempDir
    private static Path folder;

    private static PesanNode node;
    private static Samples samples;

    @BeforeAll
    static void startAndLook() throws Exception {
        node = Nodes.of(List.of(
                "gateway.port=0",
                "management.port=0",
                "redis.url=redis://127.0.0.1:" + REDIS.port(),
                "redis.data-dir=" + folder.resolve("data")));
        Nodes.await(node.start());
        samples = Nodes.metrics(node.managementPort());
    }

    @AfterAll
    static void stop() throws Exception {
        Nodes.await(node.stop());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pesan_gateway_connections",
                "pesan_gateway_connections_opened_total",
                "pesan_gateway_connections_closed_total reason=client,reset,quit,line_too_long,idle,line_timeout,"
                        + "first_auth_timeout,slow_reader,memory,session,drain,failure",
                "pesan_gateway_rejected_total reason=max_connections,proxy",
                "pesan_gateway_commands_total outcome=ok,user_unknown,password_wrong,recipient_unknown,session_unknown,"
                        + "command_unknown,arguments_wrong,line_too_long,bad_encoding,auth_throttled,rate_limited,"
                        + "inbox_full,tag_reused,user_exists,unavailable" + COMMANDS,
                "pesan_gateway_command_seconds_count" + COMMANDS,
                "pesan_gateway_bytes_total direction=in,out",
                "pesan_gateway_buffered_bytes",
                "pesan_gateway_listeners",
                "pesan_gateway_pushed_total",
                "pesan_session_logins_total outcome=ok,user_unknown,password_wrong,auth_throttled,unavailable",
                "pesan_session_password_hash_seconds_count",
                "pesan_session_password_hash_queue",
                "pesan_session_active",
                "pesan_inbox_messages_accepted_total",
                "pesan_inbox_messages_removed_total reason=ack,inbox,retention,account",
                "pesan_inbox_messages_rejected_total reason=inbox_full,recipient_unknown,tag_reused,late",
                "pesan_inbox_duplicates_suppressed_total",
                "pesan_redis_reconnects_total",
                "pesan_node_draining",
                "pesan_cluster_enabled",
                "pesan_cluster_nodes_unreachable",
            })
    void isThereAtZero(String documented) {
        assertThat(documentedSeries(documented))
                .allSatisfy(series -> assertThat(series.value()).isZero());
    }

    /** What nodes do by themselves counts already. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pesan_bus_batch_commands_count" + ROUTES,
                "pesan_bus_request_seconds_count outcome=ok,not_begun,timeout,failed" + ROUTES,
                "pesan_bus_in_flight" + ROUTES,
                "pesan_redis_command_seconds_count outcome=ok,refused,timeout,lost,away script=plain,append,recall,take,"
                        + "read,listen,stop-listening,remove,release,renew,claim-inboxes,create-account,renew-hash,"
                        + "change-password,remove-account,open-session,mark-due,claim-due,settle-due",
                "pesan_redis_connected",
                "pesan_event_loop_lag_seconds_count",
                "pesan_event_loop_silence_seconds",
                "pesan_cluster_members",
                "pesan_build_info",
            })
    void isThere(String documented) {
        documentedSeries(documented);
    }

    /** @param documented a name, and of each label its name and its values */
    private static List<Sample> documentedSeries(String documented) {
        String[] words = documented.split(" ", -1);
        List<Sample> series = samples.of(words[0]).toList();
        int all = 1;
        for (String label : Arrays.copyOfRange(words, 1, words.length)) {
            String name = label.substring(0, label.indexOf('='));
            Set<String> values = Set.of(label.substring(name.length() + 1).split(",", -1));
            all *= values.size();
            Set<String> shown =
                    series.stream().map(sample -> sample.label(name)).collect(Collectors.toSet());
            assertThat(shown).as("%s of %s", name, words[0]).isEqualTo(values);
        }
        assertThat(series).as(words[0]).hasSize(all);
        return series;
    }
}
