package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PrimaryCheckTest {

    private static final String ONE_FOLLOWS = """
            # Replication
            role:master
            connected_slaves:2
            slave0:ip=127.0.0.1,port=7001,state=online,offset=14,lag=1
            slave1:ip=127.0.0.1,port=7002,state=online,offset=14,lag=%s
            master_replid:abc
            """.replace("\n", "\r\n");
    private static final RedisConfig.Topology SENTINEL =
            new RedisConfig.Topology(RedisConfig.Mode.SENTINEL, "primary", null);

    @Test
    void aServerByItselfIsNotAsked() {
        assertThat(PrimaryCheck.of(new RedisConfig("redis://localhost", null, null)))
                .isNull();
    }

    @Test
    void refusesAReplica() {
        assertThat(judge(0, "role:slave\r\nmaster_host:10.0.0.1\r\n").failed()).isTrue();
        assertThat(judge(0, "role:master\r\nconnected_slaves:0\r\n").succeeded())
                .isTrue();
    }

    @Test
    void countsTheReplicasThatFollow() {
        assertThat(judge(2, ONE_FOLLOWS.formatted(3)).succeeded()).isTrue();
        Future<Void> lagging = judge(2, ONE_FOLLOWS.formatted(4));
        assertThat(lagging.cause()).hasMessage("has 1 replicas that follow it, but redis.min-replicas is 2");
        assertThat(judge(2, ONE_FOLLOWS.formatted(14)).failed()).isTrue();
        assertThat(judge(1, ONE_FOLLOWS.formatted(14)).succeeded()).isTrue();
        assertThat(judge(2, ONE_FOLLOWS.formatted(0).replace("7001,state=online", "7001,state=send_bulk"))
                        .failed())
                .isTrue();
    }

    private static Future<Void> judge(int replicas, String info) {
        RedisConfig config = new RedisConfig("redis://localhost", null, null, SENTINEL, replicas);
        return Objects.requireNonNull(PrimaryCheck.of(config)).judge(info);
    }
}
