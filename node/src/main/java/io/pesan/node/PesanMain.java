package io.pesan.node;

import io.pesan.node.config.ConfigOptions;
import io.pesan.node.config.StartFailure;
import io.pesan.node.top.TopCommand;
import io.pesan.node.user.UserCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line of a node and of its administration. */
@Command(
        name = "pesan",
        description = "A chat backend that scales out.",
        mixinStandardHelpOptions = true,
        subcommands = {
            UpCommand.class,
            ClusterCommand.class,
            UserCommand.class,
            TopCommand.class,
            CheckConfigCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "And, by the pesan script:",
            "  chat          an interactive client (pesan chat --help)",
            "  bench         the load generator (pesan bench --help)",
        })
public final class PesanMain {

    private PesanMain() {}

    public static void main(String[] arguments) {
        // Until a command knows better: quiet, for what a command prints is its answer.
        ConsoleLogging.configure("text", "warn");
        System.exit(commandLine().execute(arguments));
    }

    /** Every command, with one-line errors. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new PesanMain());
        line.setExecutionExceptionHandler(PesanMain::explain);
        line.setParameterExceptionHandler(PesanMain::explainUsage);
        line.getSubcommands().forEach((name, command) -> {
            if (name.equals("up") || name.equals("cluster") || name.equals("check-config")) {
                command.getCommandSpec().usageMessage().footer(ConfigOptions.keys());
            }
        });
        return line;
    }

    /** An operator's mistake is one line; only a bug shows where it is. */
    private static int explain(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        PrintWriter err = line.getErr();
        if (failure instanceof StartFailure) {
            err.println("pesan: " + failure.getMessage());
        } else {
            err.println("pesan: " + failure);
            failure.printStackTrace(err);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static int explainUsage(CommandLine.ParameterException mistake, String[] arguments) {
        CommandLine line = mistake.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("pesan: "
                + String.valueOf(mistake.getMessage()).lines().findFirst().orElse("") + " (see "
                + line.getCommandSpec().qualifiedName(" ") + " --help)");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }
}
