package io.pesan.node.user;

import io.pesan.contract.protocol.Username;
import io.pesan.contract.text.SafeText;
import io.pesan.node.config.StartFailure;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds, changes, lists and removes accounts of a running service. */
@Command(
        name = "user",
        description = "Administers accounts. Passwords are asked for, or read as one line from standard input.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class UserCommand implements Runnable {

    private static final String USERNAME = "USERNAME";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(
                spec.commandLine(), "user must be followed by add, passwd, list or remove");
    }

    @Command(name = "add", description = "Adds an account.", mixinStandardHelpOptions = true)
    void add(
            @Mixin Endpoint endpoint,
            @Option(names = "--name", paramLabel = "FULL NAME", description = "full name", defaultValue = "")
                    String name,
            @Parameters(paramLabel = USERNAME, description = "1 to 32 of A-Z a-z 0-9 . _ -") String username) {
        AdminClient client = endpoint.client();
        String valid = checked(username);
        client.add(valid, PasswordPrompt.ask(), name);
        say("added " + valid);
    }

    @Command(
            name = "passwd",
            description = "Sets an account's password and ends its sessions.",
            mixinStandardHelpOptions = true)
    void passwd(@Mixin Endpoint endpoint, @Parameters(paramLabel = USERNAME) String username) {
        AdminClient client = endpoint.client();
        String valid = checked(username);
        client.setPassword(valid, PasswordPrompt.ask());
        say("changed the password of " + valid);
    }

    @Command(name = "remove", description = "Removes an account and its inbox.", mixinStandardHelpOptions = true)
    void remove(@Mixin Endpoint endpoint, @Parameters(paramLabel = USERNAME) String username) {
        String valid = checked(username);
        endpoint.client().remove(valid);
        say("removed " + valid);
    }

    @Command(
            name = "list",
            description = "Lists accounts: username, sessions, messages waiting, full name.",
            mixinStandardHelpOptions = true)
    void list(@Mixin Endpoint endpoint) {
        for (Object account : endpoint.client().list()) {
            JsonObject user = (JsonObject) account;
            say(String.format(
                    "%-32s %4d %6d  %s",
                    user.getString("username"),
                    user.getInteger("sessions", 0),
                    user.getInteger("pending_messages", 0),
                    SafeText.of(user.getString("name", ""))));
        }
    }

    private static String checked(String username) {
        if (!Username.isValid(username)) {
            throw new StartFailure("a username is 1 to " + Username.MAX_LENGTH + " of A-Z a-z 0-9 . _ -");
        }
        return username;
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
