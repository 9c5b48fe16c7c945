package io.pesan.client.chat;

import io.pesan.client.ClientOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code pesan chat}: the interactive client. */
@Command(
        name = "pesan chat",
        description = {
            "Chats with others on a Pesan server.",
            "On a terminal it asks for username and password, and shows messages as they arrive. From a pipe it reads"
                    + " them from the first two lines (with --user the first line is the password), and then one message"
                    + " or command a line; at the end of the input it logs out. It exits with 0 if everything succeeded.",
            "Only one program at a time can read an inbox: what is shown here is gone elsewhere."
        })
public final class ChatMain implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    @Option(names = "--host", paramLabel = "H", description = "the server (default: ${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "P", description = "its port (default: ${DEFAULT-VALUE})")
    private int port = ClientOptions.DEFAULT_PORT;

    @Option(names = "--user", paramLabel = "U", description = "who logs in (default: is asked)")
    private @Nullable String user;

    private ChatMain() {}

    /** Exits with 0 if everything succeeded, 1 if something didn't, 2 if the arguments are wrong. */
    public static void main(String[] arguments) {
        CommandLine commandLine = new CommandLine(new ChatMain());
        commandLine
                .getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("show this and exit")
                        .build());
        commandLine.setParameterExceptionHandler(ChatMain::misused);
        commandLine.setExecutionExceptionHandler(ChatMain::failed);
        System.exit(commandLine.execute(arguments));
    }

    private static int misused(ParameterException wrong, String[] arguments) {
        wrong.getCommandLine().getErr().println("pesan chat: " + wrong.getMessage() + " (--help shows what there is)");
        return MISUSED;
    }

    /** Bugs keep their stack trace; what an operator or user can cause doesn't come this way, or is an I/O error. */
    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (!(failure instanceof IOException) && !(failure instanceof IllegalArgumentException)) {
            throw failure;
        }
        command.getErr().println("pesan chat: " + failure.getMessage());
        return FAILED;
    }

    @Override
    public Integer call() throws IOException {
        ClientOptions options = ClientOptions.of(host, port);
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try (Screen screen = screen()) {
            return new Chat(screen, new ChatConnection(vertx, options, screen)).run(user) ? 0 : FAILED;
        }
    }

    /** A line editor where there is a terminal that can do it, else plain lines. */
    private static Screen screen() throws IOException {
        Terminal terminal = terminal();
        if (terminal != null && !terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
            Path home = Path.of(System.getProperty("user.home"));
            return new TerminalScreen(
                    terminal, HistoryFile.in(System.getenv(), home).orElse(null));
        }
        boolean person = terminal != null;
        if (terminal != null) {
            terminal.close();
        }
        return new PlainScreen(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                person ? System.console() : null);
    }

    /** Input and output both have to be a terminal; null if they aren't. */
    private static @Nullable Terminal terminal() {
        try {
            return TerminalBuilder.builder()
                    .system(true)
                    .dumb(false)
                    .encoding(StandardCharsets.UTF_8)
                    .build();
        } catch (IOException | IllegalStateException none) {
            return null;
        }
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
