package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.EventLoop;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReplicatedLinkIT {

    private static final String KEY = "pesan:{user}:key";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Between a WAIT that gives up, and a call's end. */
    private static final Duration WELL_IN_TIME = Duration.ofMillis(1_300);

    /** The replica is served at once; Redis would wait for others, to serve them together. */
    @RegisterExtension
    static final RedisForTests PRIMARY = RedisForTests.start("--repl-diskless-sync-delay", "0");

    @RegisterExtension
    static final RedisForTests REPLICA = RedisForTests.start("--replicaof", "127.0.0.1", "" + PRIMARY.port());

    private static final EventLoop LOOP = new EventLoop();

    private RedisLink link;
    private RedisLink plain;

    @BeforeEach
    void open() {
        RedisConfig config = new RedisConfig(PRIMARY.config().url(), null, null, RedisConfig.Topology.STANDALONE, 1);
        link = connect(config, true);
        plain = connect(config, false);
    }

    private static RedisLink connect(RedisConfig config, boolean replicated) {
        RedisLink opened = LOOP.run(() -> Future.succeededFuture(
                replicated
                        ? RedisLink.openReplicated(LOOP.vertx(), config, List.of(), () -> RedisMetrics.NONE)
                        : RedisLink.open(LOOP.vertx(), config, List.of())));
        await().atMost(PATIENCE).until(opened::isConnected);
        return opened;
    }

    @AfterEach
    void close() {
        LOOP.run(() -> Future.join(link.close(), plain.close()));
    }

    @AfterAll
    static void closeLoop() {
        LOOP.close();
    }

    @Test
    void keepsWhatReplicasHave() {
        assertThat(set("1")).allMatch(Outcome::isKept);
        assertThat(REPLICA.call("GET", KEY)).isEqualTo("1");
    }

    @Test
    void answersTogetherWhatIsCalledMeanwhile() {
        long before = waits();
        List<List<Outcome>> all = LOOP.run(() -> Future.all(IntStream.range(0, 500)
                        .mapToObj(i -> link.each(List.of(Request.cmd(Command.INCR, KEY + i), write("" + i))))
                        .toList())
                .map(done -> done.<List<Outcome>>list()));
        assertThat(all).allSatisfy(outcomes -> {
            assertThat(outcomes).hasSize(2).allMatch(Outcome::isKept);
            assertThat(outcomes.get(0).answer()).hasToString("1");
        });
        assertThat(REPLICA.call("GET", KEY)).isEqualTo("499");
        assertThat(waits() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void keepsNothingThatAFrozenReplicaHasNot() {
        // A pause of this machine can end a call, or the link, before Redis has said what the replica has not.
        for (int attempt = 1; !isRefusedToAFrozenReplica(); attempt++) {
            assertThat(attempt).as("attempts").isLessThan(5);
        }
    }

    private boolean isRefusedToAFrozenReplica() {
        REPLICA.freeze();
        try {
            long before = System.nanoTime();
            List<Outcome> written = set("2");
            // It rests on what was written before, by others, too.
            long between = System.nanoTime();
            List<Outcome> read = each(Request.cmd(Command.GET, KEY));
            boolean inTime = isInTime(before, between) && isInTime(between, System.nanoTime());
            assertThat(written).noneMatch(Outcome::isKept);
            assertThat(read).noneMatch(Outcome::isKept);
            if (inTime) {
                assertThat(written).allMatch(Outcome::isAnswered);
                // What is read elsewhere does not wait.
                assertThat(LOOP.run(() -> plain.send(Request.cmd(Command.GET, KEY))))
                        .hasToString("2");
            }
            return inTime;
        } finally {
            REPLICA.thaw();
            await("the replica has caught up")
                    .atMost(PATIENCE)
                    .until(() -> set("3").get(0).isKept() && plain.isConnected());
        }
    }

    private static boolean isInTime(long before, long after) {
        return after - before < WELL_IN_TIME.toNanos();
    }

    @Test
    void servesNobodyOnceTheReplicaIsGone() {
        REPLICA.stop();
        try {
            await().atMost(PATIENCE).until(() -> !link.isConnected() && !plain.isConnected());
            assertThat(set("4")).noneMatch(Outcome::isAnswered);
        } finally {
            REPLICA.startAgain();
        }
        await("it is back").atMost(PATIENCE).until(() -> set("5").get(0).isKept());
    }

    private List<Outcome> set(String value) {
        return each(write(value));
    }

    private List<Outcome> each(Request request) {
        return LOOP.run(() -> link.each(List.of(request)));
    }

    private static Request write(String value) {
        return Request.cmd(Command.SET, KEY, value);
    }

    private static long waits() {
        return String.valueOf(PRIMARY.call("INFO", "commandstats"))
                .lines()
                .filter(line -> line.startsWith("cmdstat_wait:"))
                .mapToLong(line -> Long.parseLong(line.replaceFirst(".*calls=(\\d+).*", "$1")))
                .sum();
    }
}
