package io.pesan.node.user;

import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.ConfigOptions;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.Hosts;
import io.pesan.node.config.StartFailure;
import io.pesan.node.management.AdminToken;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that tell where the management endpoint is and who asks. */
final class Endpoint {

    private static final int HIGHEST_PORT = 65_535;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--management-url",
            paramLabel = "URL",
            description = "a node's management endpoint; by default where the configuration says")
    private @Nullable String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "file with the administrator's token; by default where the configuration says")
    private @Nullable Path tokenFile;

    /** Ready to ask. */
    AdminClient client() {
        Configuration configuration = options.read();
        URI base = url == null ? configured(configuration) : given(url);
        AdminToken token = AdminToken.read(tokenFile == null ? AdminToken.file(configuration) : tokenFile);
        return new AdminClient(base, token);
    }

    private static URI configured(Configuration configuration) {
        String address =
                address(configuration.get(ConfigKeys.MANAGEMENT_HOST), configuration.get(ConfigKeys.MANAGEMENT_PORT));
        URI url = parsed(address);
        if (url == null) {
            throw new StartFailure("management.host and management.port (" + address
                    + ") are not where a node can be asked: say by --management-url where it is");
        }
        return url;
    }

    /** Where a node that listens on this host is reached from its own machine. */
    static String address(String host, int port) {
        return "http://" + Hosts.inUrl(Hosts.reachable(host)) + ":" + port;
    }

    private static URI given(String text) {
        URI url = parsed(text);
        if (url == null) {
            throw new StartFailure("--management-url " + text + ": must be http://HOST:PORT or https://HOST:PORT");
        }
        return url;
    }

    /** Null if no request can be sent there. A host with an underscore is none in a URL. */
    private static @Nullable URI parsed(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean place = url.getHost() != null && url.getPort() != 0 && url.getPort() <= HIGHEST_PORT;
            boolean bare = url.getRawQuery() == null && url.getRawFragment() == null;
            return http && place && bare ? url : null;
        } catch (URISyntaxException malformed) {
            return null;
        }
    }
}
