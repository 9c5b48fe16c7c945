package io.pesan.node.trial;

import io.pesan.node.Lifeline;
import io.pesan.node.PesanMain;
import io.pesan.node.config.Hosts;
import io.pesan.node.config.StartFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the nodes: a process that logs into a file and ends when this process does. */
final class NodeChild {

    /** System property with the options of its JVM, separated by spaces. */
    private static final String FLAGS = "pesan.node.flags";
    /** System property with the path of its class data archive, made for this process's class path; empty without one. */
    private static final String CLASS_ARCHIVE = "pesan.node.class-archive";

    private static final Duration ASK_PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final String name;
    private final NodePorts ports;
    private final Path log;
    private final Process process;

    private NodeChild(String name, NodePorts ports, Path log, Process process) {
        this.name = name;
        this.ports = ports;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param options of {@code pesan up}
     * @param environment that it has besides this process's own: secrets, as everybody can see arguments
     */
    static NodeChild start(
            String name, NodePorts ports, Path log, List<String> options, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Arrays.stream(System.getProperty(FLAGS, "").split(" "))
                .filter(flag -> !flag.isEmpty())
                .forEach(command::add);
        String classArchive = System.getProperty(CLASS_ARCHIVE, "");
        if (!classArchive.isEmpty()) {
            // What doesn't fit this JVM is ignored, and nothing said.
            command.addAll(List.of("-XX:SharedArchiveFile=" + classArchive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        }
        command.addAll(List.of(
                "-D" + Lifeline.PROPERTY + "=true",
                "-cp",
                System.getProperty("java.class.path"),
                PesanMain.class.getName(),
                "up"));
        command.addAll(options);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        if (environment.containsKey("PESAN_REDIS_PASSWORD")) {
            builder.environment().remove("PESAN_REDIS_PASSWORD_FILE");
        }
        try {
            return new NodeChild(name, ports, log, builder.start());
        } catch (IOException failure) {
            throw new StartFailure(name + " can't be started: " + failure.getMessage(), failure);
        }
    }

    String name() {
        return name;
    }

    NodePorts ports() {
        return ports;
    }

    Path log() {
        return log;
    }

    Process process() {
        return process;
    }

    /**
     * Whether it wants clients and sees every other node. Blocks for 2 s at most.
     *
     * @throws StartFailure if it has ended, with what it said
     */
    boolean isComplete(HttpClient http, String host, int nodes) throws InterruptedException {
        if (!process.isAlive()) {
            throw new StartFailure(name + ": " + lastWords());
        }
        URI uri = URI.create("http://" + Hosts.inUrl(host) + ":" + ports.management() + "/health/ready");
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(uri).timeout(ASK_PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK && answer.body().contains("\"members\":" + nodes + ",");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Asks it to drain and end. */
    void stop() {
        process.destroy();
    }

    /** Its exit status; kills it if it takes too long. */
    int awaitEnd(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            String last = lines.isEmpty() ? "ended without a word" : lines.get(lines.size() - 1);
            return last.startsWith("pesan: ") ? last.substring("pesan: ".length()) : last + " (see " + log + ")";
        } catch (IOException unreadable) {
            return "ended; its log " + log + " can't be read";
        }
    }
}
