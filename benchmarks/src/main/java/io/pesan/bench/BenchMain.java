package io.pesan.bench;

import java.time.Duration;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pesan bench}: the load generator. */
@Command(
        name = "pesan bench",
        description = "Puts load on a server and measures it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SendBench.class,
            InboxBench.class,
            ListenBench.class,
            LoginBench.class,
            ConnectBench.class,
            IdleBench.class,
            CalibrateBench.class
        })
public final class BenchMain implements Runnable {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private BenchMain() {}

    /** Exits with 0 if every run succeeded without an error, 1 if not, 2 if the arguments are wrong. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new BenchMain());
        commandLine.registerConverter(Duration.class, new DurationConverter());
        understandHelp(commandLine);
        commandLine.getSubcommands().values().forEach(BenchMain::understandHelp);
        commandLine.setParameterExceptionHandler(BenchMain::misused);
        commandLine.setExecutionExceptionHandler(BenchMain::failed);
        return commandLine;
    }

    /** Adds the option that every command understands. */
    private static void understandHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("show this and exit")
                        .build());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int misused(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println(nameOf(command) + ": " + wrong.getMessage() + " (--help shows what there is)");
        return MISUSED;
    }

    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (!(failure instanceof BenchException)) {
            throw failure;
        }
        command.getErr().println(nameOf(command) + ": " + failure.getMessage());
        return FAILED;
    }

    /** As it is typed, "pesan bench send" for instance. */
    private static String nameOf(CommandLine command) {
        return command.getCommandSpec().qualifiedName(" ");
    }

    static int exitCode(Result result) {
        return result.tally().errors().isEmpty() && result.tally().ok() > 0 ? 0 : FAILED;
    }

    static String tokenOf(Account account, Map<String, String> tokens) {
        String token = tokens.get(account.username());
        if (token == null) {
            throw new BenchException("no session for " + account.username());
        }
        return token;
    }
}
