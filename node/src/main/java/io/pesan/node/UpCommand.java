package io.pesan.node;

import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.ConfigOptions;
import io.pesan.node.config.Configuration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a node until a signal ends it. */
@Command(
        name = "up",
        description = "Runs a node. Without any configuration: a complete service on this machine.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(UpCommand.class);

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws Exception {
        Configuration configuration = options.read();
        ConsoleLogging.configure(
                configuration.get(ConfigKeys.LOGGING_FORMAT),
                configuration.get(ConfigKeys.LOGGING_LEVEL),
                configuration.get(ConfigKeys.NODE_ID));
        configuration.warnings().forEach(LOG::warn);
        PesanNode node = new PesanNode(configuration);
        Shutdown shutdown = Shutdown.arm(node);
        Lifeline.holdIfGiven();
        try {
            node.start().toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failure) {
            shutdown.disarm();
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        }
        Banner.show(configuration, node);
        // The shutdown ends the process.
        new CountDownLatch(1).await();
        return 0;
    }
}
