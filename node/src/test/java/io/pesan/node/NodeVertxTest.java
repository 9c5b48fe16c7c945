package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NodeVertxTest {

    @Test
    void aTransportThatDoesNotTellWhatIsAcknowledgedIsWarnedOfWhereThereIsABetterOne() {
        Logger logger = (Logger) LoggerFactory.getLogger(NodeVertx.class);
        ListAppender<ILoggingEvent> written = new ListAppender<>();
        written.start();
        logger.addAppender(written);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
        try {
            NodeVertx.warnOfPlainTransport(vertx, "Mac OS X");
            assertThat(written.list).isEmpty();
            NodeVertx.warnOfPlainTransport(vertx, "Linux");
            assertThat(written.list).singleElement().satisfies(line -> {
                assertThat(line.getLevel()).isEqualTo(Level.WARN);
                assertThat(line.getMessage()).startsWith("epoll can't be used");
            });
        } finally {
            logger.detachAppender(written);
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
