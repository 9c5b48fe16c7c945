package io.pesan.contract.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.pesan.contract.bus.proto.AccountReply;
import io.pesan.contract.bus.proto.AccountRequest;
import io.pesan.contract.bus.proto.LogIn;
import io.pesan.contract.bus.proto.RemoveAccount;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteTest {

    private static final Route<AccountRequest, AccountReply> ROUTE = Routes.ACCOUNTS;
    private static final AccountRequest REQUEST = AccountRequest.newBuilder()
            .setRemove(RemoveAccount.newBuilder().setUsername("messi"))
            .build();
    private static final AccountReply REPLY = AccountReply.getDefaultInstance();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Vertx vertx = Vertx.vertx();
    private final EventBus bus = vertx.eventBus();

    @BeforeEach
    void registerCodecs() {
        Routes.registerCodecs(bus);
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static ReplyException failure(Future<?> future) {
        return catchThrowableOfType(ReplyException.class, () -> {
            try {
                await(future);
            } catch (CompletionException failed) {
                throw Objects.requireNonNull(failed.getCause());
            }
        });
    }

    private static ReplyFailure failureType(Future<?> future) {
        return failure(future).failureType();
    }

    @Test
    void handsTheRequestItselfToAWorkerOfTheSameNode() {
        Promise<AccountRequest> received = Promise.promise();
        ROUTE.serve(bus, request -> {
            received.complete(request);
            return Future.succeededFuture(REPLY);
        });
        assertThat(await(ROUTE.request(bus, REQUEST, PATIENCE))).isSameAs(REPLY);
        assertThat(await(received.future())).isSameAs(REQUEST);
    }

    @Test
    void takesAWorkerOfTheOwnNodeFirst() {
        AtomicInteger elsewhere = new AtomicInteger();
        bus.<AccountRequest>consumer("pesan.accounts", message -> {
            elsewhere.incrementAndGet();
            message.reply(REPLY);
        });
        ROUTE.serve(bus, request -> Future.succeededFuture(REPLY));
        for (int i = 0; i < 10; i++) {
            await(ROUTE.request(bus, REQUEST, PATIENCE));
        }
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void asksElsewhereIfTheOwnNodeHasNoWorker() {
        bus.<AccountRequest>consumer("pesan.accounts", message -> message.reply(REPLY));
        assertThat(await(ROUTE.request(bus, REQUEST, PATIENCE))).isSameAs(REPLY);
    }

    @Test
    void failsAtOnceIfThereIsNoWorkerAnywhere() {
        assertThat(failureType(ROUTE.request(bus, REQUEST, PATIENCE))).isEqualTo(ReplyFailure.NO_HANDLERS);
    }

    @Test
    void takesNoNodesNameForItsOwnWorkers() {
        await(ROUTE.announce(bus, "local").completion());
        assertThat(failure(ROUTE.requestHere(bus, REQUEST, PATIENCE)))
                .satisfies(failure -> assertThat(failure.failureType()).isEqualTo(ReplyFailure.NO_HANDLERS));
    }

    @Test
    void makesWorkersReachableUntilWithdrawn() {
        Announcement announcement = ROUTE.announce(bus, "n1");
        await(announcement.completion());
        ROUTE.serve(bus, request -> Future.succeededFuture(REPLY));
        assertThat(await(bus.<AccountReply>request("pesan.accounts", REQUEST)).body())
                .isSameAs(REPLY);
        await(announcement.withdraw().get());
        assertThat(failureType(bus.request("pesan.accounts", REQUEST))).isEqualTo(ReplyFailure.NO_HANDLERS);
        assertThat(await(ROUTE.request(bus, REQUEST, PATIENCE))).isSameAs(REPLY);
    }

    @Test
    void anAnnouncedServiceWithoutWorkersFailsInsteadOfBeingSilent() {
        await(ROUTE.announce(bus, "n1").completion());
        assertThat(failureType(ROUTE.request(bus, REQUEST, PATIENCE))).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
        assertThat(Route.isNotBegun(failure(ROUTE.requestAt(bus, "n1", REQUEST, PATIENCE))))
                .isTrue();
    }

    @Test
    void reachesTheWorkersOfTheNodeThatIsNamed() {
        await(ROUTE.announce(bus, "n1").completion());
        ROUTE.serve(bus, request -> Future.succeededFuture(REPLY));
        assertThat(await(ROUTE.requestAt(bus, "n1", REQUEST, PATIENCE))).isSameAs(REPLY);
        assertThat(Route.isNotBegun(failure(ROUTE.requestAt(bus, "n2", REQUEST, PATIENCE))))
                .isTrue();
    }

    @Test
    void onlyAWorkersWordTellsThatNothingHasHappened() {
        ROUTE.serve(bus, request -> Future.failedFuture(new NotBegunException("not now")));
        assertThat(Route.isNotBegun(failure(ROUTE.requestHere(bus, REQUEST, PATIENCE))))
                .isTrue();
        assertThat(Route.isNotBegun(new IllegalStateException("no Redis"))).isFalse();
    }

    @Test
    void aTimeOutOrAFailureLeavesTheOutcomeUnknown() {
        MessageConsumer<AccountRequest> silent =
                ROUTE.serve(bus, request -> Promise.<AccountReply>promise().future());
        assertThat(Route.isNotBegun(failure(ROUTE.requestHere(bus, REQUEST, Duration.ofMillis(20)))))
                .isFalse();
        await(silent.unregister());
        ROUTE.serve(bus, request -> Future.failedFuture("no Redis"));
        assertThat(Route.isNotBegun(failure(ROUTE.requestHere(bus, REQUEST, PATIENCE))))
                .isFalse();
    }

    @Test
    void passesAWorkersFailureOn() {
        ROUTE.serve(bus, request -> Future.failedFuture("no Redis"));
        ReplyException failure = failure(ROUTE.request(bus, REQUEST, PATIENCE));
        assertThat(failure.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
        assertThat(failure).hasMessageContaining("no Redis");
    }

    @Test
    void doesNotAskElsewhereWhatAWorkerFailedToDo() {
        AtomicInteger elsewhere = new AtomicInteger();
        bus.<AccountRequest>consumer("pesan.accounts", message -> elsewhere.incrementAndGet());
        ROUTE.serve(bus, request -> Future.failedFuture("no Redis"));
        assertThat(failureType(ROUTE.request(bus, REQUEST, PATIENCE))).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void answersForAWorkerThatThrows() {
        ROUTE.serve(bus, request -> {
            throw new IllegalStateException("a bug");
        });
        ReplyException failure = failure(ROUTE.request(bus, REQUEST, PATIENCE));
        assertThat(failure.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
        assertThat(failure).hasMessageContaining("a bug");
    }

    @Test
    void waitsNoLongerThanTheCallerHasPatience() {
        ROUTE.serve(bus, request -> Promise.<AccountReply>promise().future());
        long start = System.nanoTime();
        assertThat(failureType(ROUTE.request(bus, REQUEST, Duration.ofMillis(50))))
                .isEqualTo(ReplyFailure.TIMEOUT);
        assertThat(failureType(ROUTE.request(bus, REQUEST, Duration.ofSeconds(-1))))
                .isEqualTo(ReplyFailure.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void waitsNoLongerThanTheRoutesTimeout() {
        Route<AccountRequest, AccountReply> hasty =
                new Route<>("hasty", AccountRequest.class, AccountReply.class, Duration.ofMillis(50));
        hasty.serve(bus, request -> Promise.<AccountReply>promise().future());
        assertThat(failureType(hasty.request(bus, REQUEST, Duration.ofHours(1))))
                .isEqualTo(ReplyFailure.TIMEOUT);
    }

    @Test
    void hasACodecForEveryMessageOfEveryRoute() {
        for (Route<?, ?> route : List.of(Routes.INBOX, Routes.SESSION, Routes.CREDENTIALS, Routes.ACCOUNTS)) {
            for (Class<? extends Message> type : List.of(route.requestType(), route.replyType())) {
                Message message = com.google.protobuf.Internal.getDefaultInstance(type);
                Promise<Object> received = Promise.promise();
                bus.localConsumer(type.getName(), any -> received.tryComplete(any.body()));
                bus.send(type.getName(), message);
                assertThat(await(received.future())).isSameAs(message);
            }
        }
    }

    @Test
    void crossesTheWireUnchanged() {
        assertThat(overTheWire(REQUEST, 0)).isEqualTo(REQUEST);
        assertThat(overTheWire(REQUEST, 7)).isEqualTo(REQUEST);
        assertThat(overTheWire(AccountRequest.getDefaultInstance(), 3)).isEqualTo(AccountRequest.getDefaultInstance());
    }

    @Test
    void anOlderReleaseKeepsTheFieldsThatItDoesNotKnow() {
        AccountRequest newer = REQUEST.toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                999,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(LogIn.newBuilder()
                                                .setUsername("a")
                                                .build()
                                                .toByteString())
                                        .build())
                        .build())
                .build();
        AccountRequest read = overTheWire(newer, 0);
        assertThat(read.getRemove()).isEqualTo(REQUEST.getRemove());
        assertThat(overTheWire(read, 0)).isEqualTo(newer);
    }

    private static AccountRequest overTheWire(AccountRequest message, int position) {
        MessageCodec<AccountRequest, AccountRequest> codec = new ProtobufCodec<>(AccountRequest.class);
        Buffer wire = Buffer.buffer(new byte[position]);
        codec.encodeToWire(wire, message);
        wire.appendString("what follows");
        return codec.decodeFromWire(position, wire);
    }
}
