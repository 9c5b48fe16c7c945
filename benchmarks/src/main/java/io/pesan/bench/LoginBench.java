package io.pesan.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench login}. */
@Command(
        name = "login",
        description =
                "Logs in and out, again and again; measures logging in. A server refuses more passwords than it can"
                        + " check in time (AUTH_THROTTLED): those count as errors.")
final class LoginBench implements Callable<Integer> {

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Mixin
    private final AccountOptions accounts = new AccountOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        accounts.prepare(0);
        List<Account> users = accounts.accounts();
        Report report = load.report("logins");
        int exit = 0;
        for (Shape shape : load.shapes()) {
            // A second request of one connection would be told apart only by the first one's answer.
            Shape oneDeep = new Shape(shape.connections(), 1, shape.rate());
            Result result = load.run()
                    .measure(
                            oneDeep,
                            (i, tally) -> new LoginConversation(users.get(i % users.size()), tally),
                            new Drain(Map.of()));
            report.show(result, spec.commandLine().getOut());
            exit = Math.max(exit, BenchMain.exitCode(result));
        }
        return exit;
    }
}
