package io.pesan.node.user;

import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import io.pesan.node.management.AdminToken;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a person types to have an account on a node that brings none. */
public final class FirstAccount {

    /** An example. */
    public static final String USERNAME = "alice";

    /** System property with the path of the script that this process was started by. */
    private static final String SCRIPT = "pesan.script";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:\\[\\]-]+");

    private FirstAccount() {}

    /**
     * The command that adds it, from the folder that the node was started in; what the command knows by itself is left out.
     *
     * @param managementPort where the node's management endpoint listens
     */
    public static String command(Configuration configuration, int managementPort) {
        Configuration unsaid = Configuration.read(new ConfigSources(null, Map.of(), List.of()), true);
        StringBuilder command = new StringBuilder(quoted(System.getProperty(SCRIPT, "pesan")))
                .append(" user add ")
                .append(USERNAME);
        String url = Endpoint.address(configuration.get(ConfigKeys.MANAGEMENT_HOST), managementPort);
        if (!url.equals(
                Endpoint.address(unsaid.get(ConfigKeys.MANAGEMENT_HOST), unsaid.get(ConfigKeys.MANAGEMENT_PORT)))) {
            command.append(" --management-url ").append(quoted(url));
        }
        Path token = absolute(AdminToken.file(configuration));
        if (!token.equals(absolute(AdminToken.file(unsaid)))) {
            command.append(" --token-file ").append(quoted(token.toString()));
        }
        return command.toString();
    }

    private static Path absolute(Path file) {
        return file.toAbsolutePath().normalize();
    }

    /** For a shell. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
