package io.pesan.node;

import io.pesan.node.config.ConfigOptions;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.EffectiveConfiguration;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads the configuration as {@code up} would, and prints what holds. */
@Command(
        name = "check-config",
        description = "Validates the configuration and prints the effective one as YAML, secrets masked.",
        mixinStandardHelpOptions = true)
final class CheckConfigCommand implements Runnable {

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        Configuration configuration = options.read();
        PrintWriter err = spec.commandLine().getErr();
        configuration.warnings().forEach(warning -> err.println("pesan: warning: " + warning));
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        out.print(EffectiveConfiguration.print(configuration));
        out.flush();
    }
}
