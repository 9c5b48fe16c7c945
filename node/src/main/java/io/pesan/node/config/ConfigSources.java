package io.pesan.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from.
 *
 * @param file YAML; null: none
 * @param environment the process's environment variables
 * @param assignments {@code KEY=VALUE} from the command line; of two for one key the later one holds
 */
public record ConfigSources(@Nullable Path file, Map<String, String> environment, List<String> assignments) {

    private static final String PREFIX = "PESAN_";

    /**
     * Kubernetes describes the services of a namespace to every pod in variables of these forms. A service called
     * pesan or pesan-gateway must not stop its own pods.
     */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "PESAN_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern SERVICE_LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    /** Every setting, in rising order of strength: of several for one key the last holds. */
    List<Setting> read() {
        List<Setting> settings = new ArrayList<>();
        if (file != null) {
            settings.addAll(YamlSettings.read(file));
        }
        settings.addAll(fromEnvironment());
        assignments.forEach(assignment -> settings.add(fromCommandLine(assignment)));
        return settings;
    }

    private List<Setting> fromEnvironment() {
        Map<String, String> names = new TreeMap<>();
        KeyNames.all().forEach(name -> names.put(ConfigKey.environmentName(name), name));
        List<Setting> settings = new ArrayList<>();
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (!variable.startsWith(PREFIX) || isServiceLink(variable, value)) {
                return;
            }
            String name = names.get(variable);
            if (name == null) {
                throw new StartFailure(
                        "environment variable " + KeyNames.unknown("is no key's", variable, names.keySet()));
            }
            settings.add(new Setting(name, value.strip(), variable, Setting.Source.ENVIRONMENT));
        });
        return settings;
    }

    private static Setting fromCommandLine(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            // Not shown: it may be a password.
            throw new StartFailure("--set must be followed by KEY=VALUE");
        }
        String name = assignment.substring(0, equals).strip();
        return new Setting(name, assignment.substring(equals + 1).strip(), "--set", Setting.Source.COMMAND_LINE);
    }

    private static boolean isServiceLink(String variable, String value) {
        return SERVICE_LINK.matcher(variable).matches()
                || (variable.endsWith("_PORT")
                        && SERVICE_LINK_VALUE.matcher(value).matches());
    }
}
