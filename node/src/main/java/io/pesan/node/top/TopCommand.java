package io.pesan.node.top;

import io.pesan.node.config.StartFailure;
import io.pesan.node.config.Terminal;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what nodes are doing, over and over, until it is interrupted. */
@Command(
        name = "top",
        description = "Shows what nodes are doing: connections, commands and their times, errors, messages, Redis.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "CMDS/s are replies; ERR/s those that are errors, UNAV/s those that are UNAVAILABLE. P50 and P99 are times from",
            "reading a command to its reply. HASHQ: passwords that wait to be hashed. GONE/s: messages that were read,",
            "acknowledged or expired. BACKLOG: stored less gone since the node started; for all nodes together it is what is",
            "pending, if none was started again. NODES: how many the node sees in its cluster. LAG: of event loops.",
        })
public final class TopCommand implements Callable<Integer> {

    /** Back to the top left, and nothing below. */
    private static final String CLEAR = "\033[H\033[J";

    private static final int FAILED = 1;
    private static final int USUAL_PORT = 9889;
    private static final int HIGHEST_PORT = 65_535;
    private static final int MOST_SECONDS = 3_600;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NODE",
            defaultValue = "127.0.0.1:9889",
            description = "host and port (9889 if there is none), or URL, of each node's management endpoint;"
                    + " default: ${DEFAULT-VALUE}")
    private List<String> nodes = List.of();

    @Option(names = "--once", description = "prints one table, of what happens within one interval, and ends")
    private boolean once;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "between two looks; default: ${DEFAULT-VALUE}")
    private int seconds;

    /** With {@code --once} it ends with 1 if a node could not be asked. */
    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new StartFailure("--interval must be 1 to " + MOST_SECONDS + " seconds");
        }
        Nodes asked = new Nodes(nodes.stream().map(TopCommand::endpoint).toList());
        Map<String, Reading> before = asked.read();
        do {
            TimeUnit.SECONDS.sleep(seconds);
            Map<String, Reading> now = asked.read();
            show(before, now);
            before = now;
        } while (!once);
        return before.values().stream().allMatch(reading -> reading.trouble().isEmpty()) ? 0 : FAILED;
    }

    private void show(Map<String, Reading> before, Map<String, Reading> now) {
        Map<String, Reading[]> pairs = new LinkedHashMap<>();
        now.forEach((node, reading) -> pairs.put(node, new Reading[] {before.getOrDefault(node, reading), reading}));
        PrintWriter out = spec.commandLine().getOut();
        if (!once && Terminal.shows()) {
            out.print(CLEAR);
        }
        out.print(Table.of(pairs, Screen.width()));
        out.flush();
    }

    private static URI endpoint(String node) {
        try {
            URI uri = URI.create(node.contains("://") ? node : "http://" + node);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http || uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
                throw new IllegalArgumentException("no HTTP, or no host, or no port that can be");
            }
            return node.contains("://") || uri.getPort() > 0 ? uri : URI.create("http://" + node + ":" + USUAL_PORT);
        } catch (IllegalArgumentException malformed) {
            throw new StartFailure(node + ": not a host and port, or URL, of a management endpoint", malformed);
        }
    }
}
