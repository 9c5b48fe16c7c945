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
        return Configuration.read(new ConfigSources(file, System.getenv(), assignments), Terminal.shows());
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
