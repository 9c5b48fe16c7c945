package io.pesan.node;

import io.pesan.node.cluster.Membership;
import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.ConfigOptions;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.EffectiveConfiguration;
import io.pesan.node.config.VerticleConfigs;
import io.pesan.node.management.AdminToken;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads the configuration, and the files that it names, as {@code up} would, and prints what holds. Connects to nothing. */
@Command(
        name = "check-config",
        description = {
            "Validates the configuration, with the certificates and secrets in the files that it names, and prints the"
                    + " effective one as YAML, secrets masked.",
            "Connects to nothing: whether cluster.host is an address of this machine, whether ports are free and whether"
                    + " Redis answers, only a start can tell."
        },
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
        if (configuration.get(ConfigKeys.CLUSTER_ENABLED)) {
            Membership.check(configuration);
        }
        if (configuration.usesRedis() && !configuration.isRedisEmbedded()) {
            VerticleConfigs.requireRedisCaFile(configuration);
        }
        if (!configuration.get(ConfigKeys.MANAGEMENT_ADMIN_TOKEN_FILE).isEmpty()) {
            AdminToken.read(AdminToken.file(configuration));
        }
        PrintWriter err = spec.commandLine().getErr();
        configuration.warnings().forEach(warning -> err.println("pesan: warning: " + warning));
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        out.print(EffectiveConfiguration.print(configuration));
        out.flush();
    }
}
