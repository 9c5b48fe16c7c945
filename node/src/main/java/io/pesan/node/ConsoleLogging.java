package io.pesan.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Logs to standard output: lines for a person, or one JSON object a line for a collector. */
final class ConsoleLogging {

    private static final String LINE = "%d{HH:mm:ss.SSS} %-5level %msg %pairs  [%logger{0}]%n%ex{short}";
    private static final long SUMMARY_SECONDS = 2;
    private static final String FLOODS = "floods";
    private static final String OURS = "io.pesan";
    private static final String REDIS_CLIENT = "io.vertx.redis.client.impl";
    private static final String VERTX_START = "io.vertx.core.impl.VertxImpl";
    private static final String VERTX_CONSUMER = "io.vertx.core.eventbus.impl.MessageConsumerImpl";
    private static final String VERTX_BUS = "io.vertx.core.eventbus.impl.clustered";
    private static final String METER_REGISTRY = "io.micrometer.core.instrument.MeterRegistry";
    private static final String HAZELCAST = "com.hazelcast";
    private static final String HAZELCAST_PORT = "com.hazelcast.instance.AddressPicker";

    private ConsoleLogging() {}

    /** Writes what is still to be told, at the end of the process. */
    static void end() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (context.getObject(FLOODS) instanceof FloodFilter floods) {
            floods.tellAll();
        }
    }

    /**
     * Without floods to sum up: for commands that run for a moment.
     *
     * @see #configure(String, String, String)
     */
    static void configure(String format, String level) {
        configure(format, level, "");
    }

    /**
     * Sets the console up.
     *
     * @param format {@code text} or {@code json}
     * @param level of our own loggers; libraries speak from warn on
     * @param nodeId in each JSON line, if there is one
     */
    static void configure(String format, String level, String nodeId) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Encoder<ILoggingEvent> encoder = format.equals("json") ? json(context, nodeId) : text(context);
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder);
        FloodFilter floods = new FloodFilter(System::nanoTime);
        floods.start();
        context.putObject(FLOODS, floods);
        console.addFilter(floods);
        console.start();
        // The context's own threads are daemons: they keep no process alive.
        context.addScheduledFuture(context.getScheduledExecutorService()
                .scheduleWithFixedDelay(floods::tell, SUMMARY_SECONDS, SUMMARY_SECONDS, TimeUnit.SECONDS));
        Level ours = Level.toLevel(level);
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(ours.isGreaterOrEqual(Level.WARN) ? ours : Level.WARN);
        root.addAppender(console);
        context.getLogger(OURS).setLevel(ours);
        // It calls every connection that closes an unhandled error; our links say what they lose.
        context.getLogger(REDIS_CLIENT).setLevel(Level.OFF);
        // It shows where in its code a port was in use; the node says which.
        context.getLogger(VERTX_START).setLevel(Level.OFF);
        // It warns when two event loops are the first to count the same thing at once; either will do.
        context.getLogger(METER_REGISTRY).setLevel(Level.ERROR);
        // It warns of what comes to those who have just left; nobody waits for it.
        context.getLogger(VERTX_CONSUMER).setLevel(Level.ERROR);
        // It warns of each node that comes or goes, and of a port in use with a stack trace; so does the node, in one
        // line.
        if (ours.isGreaterOrEqual(Level.INFO)) {
            context.getLogger(VERTX_BUS).setLevel(Level.OFF);
            context.getLogger(HAZELCAST).setLevel(Level.ERROR);
            context.getLogger(HAZELCAST_PORT).setLevel(Level.OFF);
        }
    }

    static Encoder<ILoggingEvent> text(LoggerContext context) {
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("pairs", TextPairs::new);
        layout.setPattern(LINE);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context, String nodeId) {
        JsonLines encoder = new JsonLines(nodeId);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
