package io.pesan.gateway;

import static io.pesan.gateway.ScriptedServices.TOKEN;
import static io.pesan.gateway.ScriptedServices.inboxRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.NotBegunException;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.SessionBatch;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the other nodes are for. */
class OtherNodesIT {

    private static final String SEND = "send " + TOKEN + " henderson hola";
    private static final String SENT = "Message Sent";
    private static final String UNAVAILABLE = "UNAVAILABLE";

    private static final long AN_EPOCH_MILLIS = 1_795_000_000_000L;
    private static final long BORN = System.nanoTime();

    private record Seen(InboxBatch batch, long redisMillis) {}

    private final GatewayUnderTest gateway = GatewayUnderTest.startWithoutServices();
    private final AtomicLong redisSetMillis = new AtomicLong();
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        gateway.close();
    }

    private long redisMillis() {
        return AN_EPOCH_MILLIS + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - BORN) + redisSetMillis.get();
    }

    /** A node whose inbox service obeys deadlines, as the real one does. */
    private OtherNode join(String nodeId) {
        OtherNode node = gateway.join(nodeId);
        node.services.redisMillis = this::redisMillis;
        node.services.inbox = batch -> obey(node.services, batch);
        await().until(gateway::servicesReachable);
        return node;
    }

    private Future<InboxBatchReply> obey(ScriptedServices services, InboxBatch batch) {
        long now = redisMillis();
        boolean late = batch.getDeadlineMs() > 0 && now > batch.getDeadlineMs();
        note(batch);
        return services.answerInbox(batch).map(reply -> {
            if (!late) {
                return reply;
            }
            InboxBatchReply.Builder refused = InboxBatchReply.newBuilder().setRedisMs(now);
            batch.getCommandsList().forEach(command -> refused.addResults(inboxRefused(Refusal.UNAVAILABLE)));
            return refused.build();
        });
    }

    private void note(InboxBatch batch) {
        if (batch.getCommandsCount() > 0) {
            seen.add(new Seen(batch, redisMillis()));
        }
    }

    private void silence(OtherNode node) {
        node.services.inbox = batch -> {
            note(batch);
            return Promise.<InboxBatchReply>promise().future();
        };
        node.services.session = batch -> Promise.<SessionBatchReply>promise().future();
        node.services.credentials =
                request -> Promise.<CredentialReply>promise().future();
    }

    private void refuse(OtherNode node) {
        node.services.inbox = batch -> Future.failedFuture(new NotBegunException("no Redis"));
        node.services.question = node.services.inbox;
        node.services.session = batch -> Future.failedFuture(new NotBegunException("no Redis"));
        node.services.credentials = request -> Future.failedFuture(new NotBegunException("no Redis"));
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private List<Seen> takeSeen() {
        List<Seen> taken = new ArrayList<>(seen);
        seen.clear();
        return taken;
    }

    /** Until the gateway knows Redis's clock and the node. */
    private void warmUp(RawClient client) throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(client.ask(SEND)).contains(SENT);
        }
        takeSeen();
    }

    @Test
    void goesOnElsewhereWithinASecondWhenANodeAnswersNothing() throws IOException {
        OtherNode one = join("node-2");
        try (RawClient client = gateway.connect()) {
            warmUp(client);
            OtherNode other = join("node-3");
            // Slow enough to be the second choice.
            delay(other, 30);
            for (int i = 0; i < 10; i++) {
                assertThat(client.ask(SEND)).contains(SENT);
            }
            // A pause of this machine may have made it look slow.
            await("it is the first choice").until(() -> hasServed(one, client.ask(SEND)));
            takeSeen();
            silence(one);
            for (int i = 0; i < 5; i++) {
                long start = System.nanoTime();
                assertThat(client.ask(SEND)).contains(SENT);
                // Half a second; alone it would be asked again after one and a half.
                assertThat(since(start)).isLessThan(Duration.ofMillis(1_400));
            }
            List<Seen> attempts = takeSeen();
            assertThat(attempts).hasSize(6);
            Seen first = attempts.get(0);
            Seen second = attempts.get(1);
            assertThat(first.batch().getFirstSentMs()).isZero();
            assertThat(second.batch().getLane())
                    .isEqualTo(first.batch().getLane())
                    .matches("[A-Za-z0-9_-]{1,16}");
            assertThat(second.batch().getNumber()).isEqualTo(first.batch().getNumber());
            assertThat(second.batch().getCommandsList()).isEqualTo(first.batch().getCommandsList());
            assertThat(second.batch().getFirstSentMs()).isPositive().isLessThanOrEqualTo(first.redisMillis());
            assertThat(second.batch().getDeadlineMs())
                    .isGreaterThan(first.batch().getDeadlineMs());
            assertThat(second.redisMillis()).isGreaterThan(first.batch().getDeadlineMs());
            // The rest went straight to who answers.
            assertThat(attempts.subList(2, 6)).allSatisfy(next -> {
                assertThat(next.batch().getFirstSentMs()).isZero();
                assertThat(next.batch().getNumber()).isGreaterThan(first.batch().getNumber());
            });
        }
    }

    /** Whether the last send went to this node. */
    private boolean hasServed(OtherNode node, String reply) {
        assertThat(reply).contains(SENT);
        List<Seen> all = takeSeen();
        InboxBatch last = all.get(all.size() - 1).batch();
        return node.services.inboxBatches.contains(last);
    }

    private void delay(OtherNode node, long millis) {
        node.services.inbox =
                batch -> gateway.vertx.timer(millis, TimeUnit.MILLISECONDS).compose(over -> obey(node.services, batch));
    }

    @Test
    void triesTheOnlyNodeAgainAfterTheFirstAttemptsDeadline() throws IOException {
        OtherNode only = join("node-2");
        try (RawClient client = gateway.connect()) {
            warmUp(client);
            for (int i = 0; i < 2; i++) {
                loseOneAnswer(only);
                long start = System.nanoTime();
                assertThat(client.ask(SEND)).contains(SENT);
                assertThat(since(start)).isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(10));
                List<Seen> attempts = takeSeen();
                assertThat(attempts).hasSize(2);
                assertThat(attempts.get(1).redisMillis())
                        .isGreaterThan(attempts.get(0).batch().getDeadlineMs());
                assertThat(attempts.get(1).batch().getFirstSentMs())
                        .isPositive()
                        .isLessThanOrEqualTo(attempts.get(0).redisMillis());
            }
        }
    }

    private void loseOneAnswer(OtherNode node) {
        silence(node);
        var silent = node.services.inbox;
        node.services.inbox = batch -> {
            node.services.inbox = next -> obey(node.services, next);
            return silent.apply(batch);
        };
    }

    @Test
    void repeatsSessionCommandsAndSaysSo() throws IOException {
        OtherNode only = join("node-2");
        try (RawClient client = gateway.connect()) {
            only.services.session = batch -> {
                only.services.session = only.services::answerSession;
                return Promise.<SessionBatchReply>promise().future();
            };
            assertThat(client.ask("listuser " + TOKEN)).contains("messi");
            assertThat(only.services.sessionBatches)
                    .extracting(SessionBatch::getRepeated)
                    .containsExactly(false, true);
        }
    }

    @Test
    void givesASlowNodeASmallShare() throws IOException {
        OtherNode slow = join("node-2");
        OtherNode fast = join("node-3");
        delay(slow, 300);
        try (RawClient client = gateway.connect()) {
            for (int i = 0; i < 400; i++) {
                assertThat(client.ask(SEND)).contains(SENT);
            }
            assertThat(slow.services.inboxBatches).hasSizeLessThan(10);
            assertThat(fast.services.inboxBatches).hasSizeGreaterThan(390);
        }
    }

    @Test
    void goesElsewhereAtOnceWhenANodeDidNotBegin() throws IOException {
        OtherNode refusing = join("node-2");
        OtherNode willing = join("node-3");
        refuse(refusing);
        try (RawClient client = gateway.connect()) {
            long start = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                // A login, a send and a list: whatever it is.
                assertThat(client.ask("auth messi surabaya")).contains(TOKEN);
                assertThat(client.ask("send henderson hola")).contains(SENT);
                assertThat(client.ask("listuser")).contains("messi");
                await().pollDelay(Duration.ofMillis(50)).until(() -> true);
            }
            assertThat(since(start)).isLessThan(Duration.ofSeconds(10));
            assertThat(refusing.services.inboxBatches).isNotEmpty();
            assertThat(refusing.services.credentialRequests).isNotEmpty();
            assertThat(willing.services.credentialRequests).hasSize(10);
            // It was no attempt.
            assertThat(willing.services.inboxBatches)
                    .allSatisfy(batch -> assertThat(batch.getFirstSentMs()).isZero());
            assertThat(willing.services.sessionBatches)
                    .allSatisfy(batch -> assertThat(batch.getRepeated()).isFalse());
        }
    }

    @Test
    void saysSoAtOnceWhenNobodyCanBegin() throws IOException {
        refuse(join("node-2"));
        refuse(join("node-3"));
        try (RawClient client = gateway.connect()) {
            long start = System.nanoTime();
            assertThat(client.ask("auth messi surabaya")).contains(UNAVAILABLE);
            assertThat(client.ask(SEND)).contains(UNAVAILABLE);
            assertThat(client.ask("listuser " + TOKEN)).contains(UNAVAILABLE);
            assertThat(since(start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void givesPasswordsADeadlineAndNeverRepeatsThem() throws IOException {
        OtherNode one = join("node-2");
        OtherNode other = join("node-3");
        try (RawClient client = gateway.connect()) {
            long before = redisMillis();
            assertThat(client.ask("auth messi surabaya")).contains(TOKEN);
            List<CredentialRequest> requests = new ArrayList<>(one.services.credentialRequests);
            requests.addAll(other.services.credentialRequests);
            assertThat(requests).hasSize(1);
            CredentialRequest request = requests.get(0);
            assertThat(request.getDeadlineMs())
                    .isBetween(before + request.getBudgetMs() - 100, redisMillis() + request.getBudgetMs());
            for (OtherNode node : List.of(one, other)) {
                node.services.credentialRequests.clear();
                node.services.credentials =
                        lost -> Promise.<CredentialReply>promise().future();
            }
            assertThat(client.ask("auth messi surabaya")).contains(UNAVAILABLE);
            assertThat(one.services.credentialRequests.size() + other.services.credentialRequests.size())
                    .isEqualTo(1);
        }
    }

    @Test
    void asksASecondNodeForTheTimeBeforeAPasswordWhereTheFirstIsFrozen() throws IOException {
        OtherNode one = join("node-2");
        OtherNode other = join("node-3");
        AtomicBoolean lost = new AtomicBoolean();
        for (OtherNode node : List.of(one, other)) {
            node.services.session = question -> lost.getAndSet(true)
                    ? node.services.answerSession(question)
                    : Promise.<SessionBatchReply>promise().future();
        }
        try (RawClient client = gateway.connect()) {
            assertThat(client.ask("auth messi surabaya")).contains(TOKEN);
            List<CredentialRequest> requests = new ArrayList<>(one.services.credentialRequests);
            requests.addAll(other.services.credentialRequests);
            assertThat(requests)
                    .singleElement()
                    .satisfies(request -> assertThat(request.getDeadlineMs()).isPositive());
        }
    }

    @Test
    void sendsNoPasswordWithoutADeadlineThoughNobodyTellsTheTimeBeforeItIsTooLate() throws IOException {
        OtherNode only = join("node-2");
        only.services.session = question -> Promise.<SessionBatchReply>promise().future();
        try (RawClient client = gateway.connect()) {
            long start = System.nanoTime();
            assertThat(client.ask("auth messi surabaya")).contains(UNAVAILABLE);
            assertThat(since(start)).isLessThan(Duration.ofSeconds(10));
            assertThat(only.services.credentialRequests).isEmpty();
        }
    }

    @Test
    void waitsForANodeWhereNodesShowThemselves() throws IOException {
        OtherNode first = join("node-2");
        try (RawClient client = gateway.connect();
                RawClient login = gateway.connect()) {
            warmUp(client);
            first.leave();
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            long start = System.nanoTime();
            client.say(SEND + "\nlistuser " + TOKEN + "\n");
            login.say("auth messi surabaya\n");
            assertThat(gateway.vertx
                            .timer(1, TimeUnit.SECONDS)
                            .toCompletionStage()
                            .toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(10));
            gateway.join("node-3");
            assertThat(client.replies(2)).noneMatch(reply -> reply.contains(UNAVAILABLE));
            assertThat(login.reply()).contains(TOKEN);
            assertThat(since(start)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
        }
    }

    @Test
    void goesOnAfterOneFailedBatchAtMostWhenRedisClockIsSetAnHourBackOrForward() throws IOException {
        join("node-2");
        long hour = Duration.ofHours(1).toMillis();
        try (RawClient client = gateway.connect()) {
            warmUp(client);
            for (long step : new long[] {-hour, hour, hour, -hour, -hour}) {
                redisSetMillis.addAndGet(step);
                int failed = 0;
                for (int i = 0; i < 20; i++) {
                    failed += client.ask(SEND).contains(SENT) ? 0 : 1;
                }
                assertThat(failed).as("failed after a step of " + step).isLessThanOrEqualTo(1);
                List<Seen> batches = takeSeen();
                assertThat(batches.subList(1, 20))
                        .as("but for the first, which nobody could know better")
                        .allSatisfy(next -> assertThat(next.batch().getDeadlineMs())
                                .isLessThanOrEqualTo(
                                        next.redisMillis() + next.batch().getBudgetMs()));
            }
        }
    }

    @Test
    void asksForTheTimeOnceBeforeTheFirstBatchAndNeverAgainWhileThereIsTraffic() throws IOException {
        OtherNode only = join("node-2");
        try (RawClient client = gateway.connect()) {
            warmUp(client);
            assertThat(only.services.questions).hasSize(1);
            assertThat(only.services.inboxBatches)
                    .allSatisfy(batch -> assertThat(batch.getDeadlineMs()).isPositive());
        }
    }

    @Test
    void sendsNothingWithoutADeadlineWhereNobodyKnowsTheTime() throws IOException {
        OtherNode only = join("node-2");
        only.services.redisMillis = () -> 0;
        try (RawClient client = gateway.connect()) {
            assertThat(client.ask(SEND)).contains(UNAVAILABLE);
            assertThat(client.ask("auth messi surabaya")).contains(UNAVAILABLE);
            assertThat(only.services.inboxBatches).isEmpty();
            assertThat(only.services.credentialRequests).isEmpty();
            only.services.redisMillis = this::redisMillis;
            await().until(() -> client.ask(SEND).contains("Message Sent"));
            assertThat(client.ask("auth messi surabaya")).contains(TOKEN);
        }
    }

    @Test
    void isReachableAsLongAsBothServicesShowThemselves() {
        assertThat(gateway.servicesReachable()).isFalse();
        OtherNode only = join("node-2");
        assertThat(gateway.servicesReachable()).isTrue();
        long start = System.nanoTime();
        only.fallSilent();
        await().atMost(Duration.ofSeconds(15)).until(() -> !gateway.servicesReachable());
        assertThat(since(start)).isGreaterThan(Duration.ofMillis(1_400));
    }
}
