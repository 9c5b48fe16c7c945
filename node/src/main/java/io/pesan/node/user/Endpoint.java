package io.pesan.node.user;

import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.ConfigOptions;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.Hosts;
import io.pesan.node.config.StartFailure;
import io.pesan.node.management.AdminToken;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that tell where the management endpoint is and who asks. */
final class Endpoint {

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--management-url",
            paramLabel = "URL",
            description = "a node's management endpoint; by default where the configuration says")
    private @Nullable URI url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "file with the administrator's token; by default where the configuration says")
    private @Nullable Path tokenFile;

    /** Ready to ask. */
    AdminClient client() {
        Configuration configuration = options.read();
        URI base = url == null ? configured(configuration) : checked(url);
        AdminToken token = AdminToken.read(tokenFile == null ? AdminToken.file(configuration) : tokenFile);
        return new AdminClient(base, token);
    }

    private static URI configured(Configuration configuration) {
        String host = Hosts.inUrl(Hosts.reachable(configuration.get(ConfigKeys.MANAGEMENT_HOST)));
        return URI.create("http://" + host + ":" + configuration.get(ConfigKeys.MANAGEMENT_PORT));
    }

    private static URI checked(URI url) {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new StartFailure("--management-url " + url + ": must begin with http:// or https://");
        }
        return url;
    }
}
