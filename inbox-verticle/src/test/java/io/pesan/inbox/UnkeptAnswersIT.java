package io.pesan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.GatewayNotices;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.Outcome;
import io.pesan.redis.RedisLink;
import io.pesan.redis.RedisLinks;
import io.pesan.redis.testing.EventLoop;
import io.pesan.redis.testing.RedisForTests;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Redis has done, but too few replicas have. */
class UnkeptAnswersIT {

    @RegisterExtension
    static final RedisForTests REDIS = RedisForTests.start();

    private final EventLoop loop = new EventLoop();
    private final RedisLink link = loop.connect(REDIS.config(), BatchProcessor.SCRIPTS);
    private final AtomicInteger accepted = new AtomicInteger();
    private final InboxMetrics metrics = new InboxMetrics() {
        @Override
        public void accepted() {
            accepted.incrementAndGet();
        }
    };

    @AfterEach
    void close() {
        loop.run(link::close);
        loop.close();
    }

    @Test
    void areNotReliedUponButCount() {
        Accounts.add(REDIS, "messi");
        String messi = Accounts.session(REDIS, "messi");
        BatchProcessor processor = new BatchProcessor(
                new RedisLinks(link, unkept(link)),
                Inboxes.NO_QUOTA,
                new GatewayNotices(loop.vertx().eventBus()),
                metrics);

        InboxBatchReply reply =
                loop.run(() -> processor.process(Commands.batch(Commands.send(0, messi, "messi", "hola"))));

        assertThat(reply.getResults(0).getRefused().getReason()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(Inboxes.texts(REDIS, new Username("messi"))).containsExactly("hola");
        assertThat(accepted).hasValue(1);
    }

    /** One whose replicas do not confirm. */
    private static RedisLink unkept(RedisLink link) {
        return (RedisLink) Proxy.newProxyInstance(
                UnkeptAnswersIT.class.getClassLoader(),
                new Class<?>[] {RedisLink.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(link, arguments);
                    return method.getName().equals("each") ? ((Future<?>) result).map(UnkeptAnswersIT::unkept) : result;
                });
    }

    private static List<Outcome> unkept(Object outcomes) {
        return ((List<?>) outcomes)
                .stream()
                        .map(Outcome.class::cast)
                        .map(outcome -> new Outcome(outcome.answer(), outcome.failure(), false))
                        .toList();
    }
}
