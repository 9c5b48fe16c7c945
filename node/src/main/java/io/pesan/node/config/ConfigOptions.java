package io.pesan.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that reads the configuration. */
public final class ConfigOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file; weaker than the environment (PESAN_GATEWAY_PORT for gateway.port) and --set")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "sets one key; may be repeated, stronger than everything else")
    private List<String> assignments = new ArrayList<>();

    /** Reads and checks the configuration. */
    public Configuration read() {
        return readWith(List.of());
    }

    /** The same with further assignments, stronger than all others. */
    public Configuration readWith(List<String> further) {
        List<String> all = new ArrayList<>(assignments);
        all.addAll(further);
        return Configuration.read(new ConfigSources(file, System.getenv(), all), Terminal.shows());
    }

    /** These options as they are written on a command line. */
    public List<String> asArguments() {
        List<String> arguments = new ArrayList<>();
        if (file != null) {
            arguments.addAll(List.of("--config", file.toString()));
        }
        assignments.forEach(assignment -> arguments.addAll(List.of("--set", assignment)));
        return arguments;
    }

    /** Every key with its default, for a command's help. */
    public static String keys() {
        StringBuilder text = new StringBuilder("%nKeys and their defaults:%n");
        for (ConfigKey<?> key : ConfigKeys.all()) {
            String fallback =
                    key.fallback() == null ? "computed" : key.fallback().isEmpty() ? "empty" : key.fallback();
            text.append(String.format("  %s (%s)", key.name(), fallback).replace("%", "%%"))
                    .append("%n      ")
                    .append(key.documentation().replace("%", "%%"))
                    .append("%n");
        }
        return text.toString();
    }
}
