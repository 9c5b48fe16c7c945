package io.pesan.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.pesan.contract.bus.GatewayNotices;
import io.pesan.contract.bus.PresenceBoard;
import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.Arrival;
import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.bus.proto.StoredMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.slf4j.LoggerFactory;

/** A gateway on a real Vert.x and a free port, with scripted services behind it. Closing it fails if it has complained. */
final class GatewayUnderTest implements AutoCloseable {

    static final GatewayLimits LIMITS = new GatewayLimits(64 << 10, 0, 1_000, 1 << 20, 64 << 20);
    static final GatewayTimeouts PATIENT = timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    final ScriptedServices services = new ScriptedServices();
    final Vertx vertx;
    final GatewayVerticle verticle;
    final Counts counts = new Counts();
    private final String deployment;
    private final Complaints complaints = new Complaints();
    private boolean relaying;

    private GatewayUnderTest(GatewayConfig config, boolean withServices) {
        this(config, withServices, VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE);
    }

    private GatewayUnderTest(GatewayConfig config, boolean withServices, int eventLoops) {
        vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(eventLoops)
                // A pause of this machine is no fault of the gateway's: complained about is what takes longer.
                .setMaxEventLoopExecuteTime(10)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
        complaints.listen();
        Routes.registerCodecs(vertx.eventBus());
        if (withServices) {
            services.serve(vertx.eventBus());
        }
        await(new GatewayNotices(vertx.eventBus()).relay(config.nodeId()).completion());
        verticle = new GatewayVerticle(config, counts);
        deployment = await(vertx.deployVerticle(verticle));
    }

    static GatewayUnderTest start() {
        return start(LIMITS, PATIENT);
    }

    static GatewayUnderTest start(GatewayLimits limits, GatewayTimeouts timeouts) {
        return new GatewayUnderTest(config(limits, timeouts, true), true);
    }

    /** A gateway and services that share one event loop. */
    static GatewayUnderTest startOnOneLoop() {
        return new GatewayUnderTest(config(LIMITS, PATIENT, true), true, 1);
    }

    static GatewayUnderTest startWithoutRegistration() {
        return new GatewayUnderTest(config(LIMITS, PATIENT, false), true);
    }

    static GatewayUnderTest startWithoutServices() {
        return new GatewayUnderTest(config(LIMITS, PATIENT, true), false);
    }

    /** A gateway that expects PROXY protocol headers from these networks. */
    static GatewayUnderTest startBehindProxies(String... networks) {
        ListenAddress listen = new ListenAddress("127.0.0.1", 0, List.of(networks));
        return new GatewayUnderTest(new GatewayConfig("node-1", listen, LIMITS, PATIENT, true), true);
    }

    static GatewayTimeouts timeouts(Duration firstAuth, Duration line, Duration idle, Duration legacyIdle) {
        return new GatewayTimeouts(firstAuth, line, idle, legacyIdle, Duration.ofSeconds(30), Duration.ofSeconds(20));
    }

    static GatewayTimeouts drainWithin(Duration drain) {
        return new GatewayTimeouts(
                Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30), drain);
    }

    private static GatewayConfig config(GatewayLimits limits, GatewayTimeouts timeouts, boolean selfRegistration) {
        return new GatewayConfig(
                "node-1", new ListenAddress("127.0.0.1", 0, List.of()), limits, timeouts, selfRegistration);
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    int port() {
        return verticle.actualPort();
    }

    RawClient connect() throws IOException {
        return RawClient.connect(port());
    }

    /** A client that has logged in. */
    RawClient connectAndAuth() throws IOException {
        RawClient client = connect();
        client.ask("auth messi surabaya");
        return client;
    }

    /** Another node joins; the gateway hears of it before long. */
    OtherNode join(String nodeId) {
        if (!relaying) {
            relaying = true;
            await(new PresenceBoard(vertx.eventBus()).relay().completion());
        }
        return new OtherNode(vertx, nodeId);
    }

    boolean servicesReachable() {
        return await(verticle.servicesReachable());
    }

    /** Tells the gateways that listen of messages to messi. */
    void arrive(String follows, StoredMessage... messages) {
        Arrival arrival = Arrival.newBuilder()
                .setUsername("messi")
                .setFollows(follows)
                .addAllMessages(List.of(messages))
                .build();
        tell(GatewayNotice.newBuilder().addArrivals(arrival));
    }

    /** Tells the gateways that listen that a session of messi's has ended. */
    void sessionEnded() {
        tell(GatewayNotice.newBuilder().addSessionsEnded("messi"));
    }

    private void tell(GatewayNotice.Builder notice) {
        for (String name : services.listening) {
            new GatewayNotices(vertx.eventBus()).tell(notice.setGateway(name).build());
        }
    }

    Future<Void> drain() {
        return verticle.drain();
    }

    /** How often this was complained about. */
    long complaints(String message) {
        return complaints.heard.stream()
                .filter(complaint -> complaint.contains(message))
                .count();
    }

    /** Expects that this is complained about. */
    void expectComplaint(String message) {
        complaints.expected.add(message);
    }

    @Override
    public void close() {
        await(vertx.undeploy(deployment));
        // What becomes of the last words of those who listened, when the services go, is no complaint of the gateway's.
        complaints.ignore();
        await(vertx.close());
        List<String> unexpected = complaints.heard.stream()
                .filter(complaint -> complaints.expected.stream().noneMatch(complaint::contains))
                .toList();
        Assertions.assertThat(unexpected).as("warnings and errors logged").isEmpty();
    }

    /** What is counted of connections. */
    static final class Counts implements GatewayMetrics {

        private final Queue<CloseReason> ended = new ConcurrentLinkedQueue<>();
        private volatile long buffered;

        @Override
        public void closed(CloseReason reason) {
            ended.add(reason);
        }

        @Override
        public void buffered(long bytes) {
            buffered = bytes;
        }

        /** Why connections ended. */
        List<CloseReason> ended() {
            return List.copyOf(ended);
        }

        /** Bytes that were held for clients a moment ago. */
        long buffered() {
            return buffered;
        }
    }

    /** What is logged as a warning or an error. */
    private static final class Complaints extends AppenderBase<ILoggingEvent> {

        final Queue<String> heard = new ConcurrentLinkedQueue<>();
        final Queue<String> expected = new ConcurrentLinkedQueue<>();

        void listen() {
            start();
            root().addAppender(this);
        }

        void ignore() {
            root().detachAppender(this);
        }

        private static Logger root() {
            return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                heard.add(event.getLoggerName() + " " + event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : " " + event.getThrowableProxy().getMessage()));
            }
        }
    }
}
