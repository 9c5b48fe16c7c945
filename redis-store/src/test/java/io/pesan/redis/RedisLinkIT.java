package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pesan.redis.testing.Await;
import io.pesan.redis.testing.EventLoop;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisLinkIT {

    private static final Duration RECOVERY = Duration.ofSeconds(15);
    private static final RedisScript GREET = RedisScript.load(RedisLinkIT.class, "greet");

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private static final EventLoop LOOP = new EventLoop();

    private RedisLink link;

    @BeforeEach
    void open() {
        link = LOOP.connect(REDIS.config(), List.of(GREET));
    }

    @AfterEach
    void close() {
        LOOP.run(link::close);
    }

    @AfterAll
    static void closeLoop() {
        LOOP.close();
    }

    @Test
    void answersInTheOrderOfTheRequests() {
        List<Response> answers = batch(
                Request.cmd(Command.SET, "a", "1"),
                Request.cmd(Command.INCR, "a"),
                Request.cmd(Command.GET, "nothing"),
                Request.cmd(Command.GET, "a"));
        assertThat(answers.get(1).toLong()).isEqualTo(2);
        assertThat(answers.get(2)).isNull();
        assertThat(answers.get(3).toString()).isEqualTo("2");
    }

    @Test
    void callsScriptsThatItLoadedBeforeItsFirstUse() {
        assertThat(greet()).isEqualTo("hola messi");
    }

    @Test
    void failsABatchOfWhichOneCallIsRefusedButCarriesTheOthersOut() {
        assertUnavailable(() -> batch(
                Request.cmd(Command.SET, "b", "text"),
                Request.cmd(Command.LPUSH, "b", "x"),
                Request.cmd(Command.SET, "c", "1")));
        assertThat(REDIS.call("GET", "c")).isEqualTo("1");
        assertThat(ping()).isEqualTo("PONG");
    }

    @Test
    void comesBackWhenItsConnectionWasKilled() {
        REDIS.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        awaitAnswers();
    }

    @Test
    void comesBackWithItsScriptsWhenTheScriptCacheWasEmptied() {
        REDIS.call("SCRIPT", "FLUSH");
        assertUnavailable(this::greet);
        await().atMost(RECOVERY)
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptionsInstanceOf(CompletionException.class)
                .until(() -> greet().equals("hola messi"));
    }

    @Test
    void failsAtOnceWhileRedisIsDownAndComesBackByItself() {
        // A pause of this machine makes one of them longer.
        for (int attempt = 1; millisUntilServedAgain() > 2_000; attempt++) {
            assertThat(attempt).as("times that it took more than two seconds").isLessThan(3);
        }
    }

    private long millisUntilServedAgain() {
        REDIS.kill();
        await().atMost(RECOVERY).until(() -> !link.isUp());
        long before = System.nanoTime();
        assertUnavailable(this::ping);
        assertThat(millisSince(before)).isLessThan(1_000);
        REDIS.startAgain();
        long started = System.nanoTime();
        awaitAnswers();
        return millisSince(started);
    }

    @Test
    void answersOrFailsEveryCallOfALoadUnderWhichRedisRestarts() {
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        List<Future<Void>> loads = new ArrayList<>();
        boolean[] ended = new boolean[1];
        for (int i = 0; i < 20; i++) {
            loads.add(LOOP.start(() -> load(answered, failed, ended)));
        }
        await().until(() -> answered.get() > 1_000);
        REDIS.stop();
        await().until(() -> failed.get() > 0);
        REDIS.startAgain();
        int before = answered.get();
        await().atMost(RECOVERY).until(() -> answered.get() > before + 1_000);
        LOOP.run(() -> {
            ended[0] = true;
            return Future.succeededFuture();
        });
        loads.forEach(Await::result);
    }

    @Test
    void failsCallsInTimeWhileRedisIsFrozenAndComesBackWhenItThaws() {
        long connections = connections();
        REDIS.freeze();
        // By its own time-out: the watchdog, which gives the connection up, comes later.
        assertThatThrownBy(this::ping).hasRootCauseInstanceOf(TimeoutException.class);
        await("the watchdog gives the connection up")
                .atMost(Duration.ofSeconds(15))
                .until(() -> !link.isUp());
        assertUnavailable(this::ping);
        await("an attempt to connect is given up, too")
                .during(Duration.ofSeconds(3))
                .until(() -> !link.isUp());
        REDIS.thaw();
        awaitAnswers();
        await("nothing is left of the attempts")
                .atMost(Duration.ofSeconds(15))
                .until(() -> connections() <= connections);
    }

    @Test
    void keepsAConnectionOnWhichRedisRefusesEverythingAndTellsThatItIsNotWell() {
        REDIS.call("ACL", "SETUSER", "mute", "reset", "on", ">right", "~*", "+@all", "-ping");
        RedisLink mute = openWithoutWaiting(
                new RedisConfig("redis://mute:right@" + REDIS.config().server(), null, null));
        Await.result(mute.connected());
        long connection = clientId(mute);
        await().atMost(RECOVERY).until(() -> !mute.isUp());
        Await.result(LOOP.vertx().timer(1, TimeUnit.SECONDS));

        assertThat(clientId(mute)).isEqualTo(connection);
        REDIS.call("ACL", "SETUSER", "mute", "+ping");
        await().atMost(RECOVERY).until(mute::isUp);
        assertThat(clientId(mute)).isEqualTo(connection);
        LOOP.run(mute::close);
    }

    private static long clientId(RedisLink link) {
        return LOOP.run(() -> link.send(Request.cmd(Command.CLIENT, "ID"))).toLong();
    }

    @Test
    void keepsTryingUntilThePasswordIsRight() {
        REDIS.call("ACL", "SETUSER", "pesan", "reset", "on", ">right", "~*", "+@all");
        REDIS.call("ACL", "LOG", "RESET");
        RedisConfig wrong =
                new RedisConfig("redis://pesan:wrong@" + REDIS.config().server(), null, null);
        RedisLink waiting = openWithoutWaiting(wrong);
        await("it was refused and has tried again").until(() -> refusals() > 1);
        assertThat(waiting.isUp()).isFalse();
        assertThat(waiting.connected().isComplete()).isFalse();
        REDIS.call("ACL", "SETUSER", "pesan", "resetpass", ">wrong");
        Await.result(waiting.connected());
        assertThat(LOOP.run(() -> waiting.send(Request.cmd(Command.ACL, "WHOAMI")))
                        .toString())
                .isEqualTo("pesan");
        LOOP.run(waiting::close);
    }

    @Test
    void prefersThePasswordGivenApart() {
        REDIS.call("ACL", "SETUSER", "apart", "reset", "on", ">right", "~*", "+@all");
        for (String user : List.of("apart", "apart:wrong")) {
            RedisConfig config =
                    new RedisConfig("redis://" + user + "@" + REDIS.config().server(), "right", null);
            RedisLink apart = openWithoutWaiting(config);
            Await.result(apart.connected());
            assertThat(LOOP.run(() -> apart.send(Request.cmd(Command.ACL, "WHOAMI")))
                            .toString())
                    .isEqualTo("apart");
            LOOP.run(apart::close);
        }
    }

    @Test
    void usesTheDatabaseOfTheUrl() {
        RedisLink third =
                openWithoutWaiting(new RedisConfig("redis://" + REDIS.config().server() + "/3", null, null));
        Await.result(third.connected());
        LOOP.run(() -> third.send(Request.cmd(Command.SET, "of the third", "1")));
        assertThat(REDIS.call("EXISTS", "of the third")).isEqualTo(0L);
        LOOP.run(third::close);
    }

    @Test
    void failsWhatWaitsForAConnectionWhenItIsClosed() {
        RedisLink nowhere = openWithoutWaiting(new RedisConfig("redis://127.0.0.1:1", null, null));
        LOOP.run(nowhere::close);
        assertUnavailable(() -> Await.result(nowhere.connected()));
        assertUnavailable(() -> LOOP.run(() -> nowhere.send(Request.cmd(Command.PING))));
    }

    private static RedisLink openWithoutWaiting(RedisConfig config) {
        return LOOP.run(() -> Future.succeededFuture(RedisLink.open(LOOP.vertx(), config, List.of(GREET))));
    }

    private Future<Void> load(AtomicInteger answered, AtomicInteger failed, boolean[] ended) {
        return link.send(Request.cmd(Command.INCR, "load"))
                .map(answer -> answered.incrementAndGet())
                .recover(failure -> LOOP.vertx().timer(5, TimeUnit.MILLISECONDS).map(pause -> failed.incrementAndGet()))
                .compose(next -> ended[0] ? Future.succeededFuture() : load(answered, failed, ended));
    }

    private void awaitAnswers() {
        await().atMost(RECOVERY)
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptionsInstanceOf(CompletionException.class)
                .until(() -> ping().equals("PONG"));
    }

    private List<Response> batch(Request... requests) {
        return LOOP.run(() -> link.batch(List.of(requests)));
    }

    private String ping() {
        return batch(Request.cmd(Command.PING)).get(0).toString();
    }

    private String greet() {
        return batch(GREET.call(List.of("greeting"), "messi")).get(0).toString();
    }

    /** How often Redis has refused a log-in; it counts those of one user and address together. */
    private static long refusals() {
        List<?> entries = (List<?>) Objects.requireNonNull(REDIS.call("ACL", "LOG"));
        return entries.stream()
                .map(entry -> (List<?>) entry)
                .mapToLong(entry -> (Long) Objects.requireNonNull(entry.get(1)))
                .sum();
    }

    private static long connections() {
        return String.valueOf(REDIS.call("CLIENT", "LIST", "TYPE", "normal"))
                .lines()
                .count();
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RedisUnavailableException.class);
    }
}
