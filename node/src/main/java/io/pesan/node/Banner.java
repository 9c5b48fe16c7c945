package io.pesan.node;

import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.Configuration;
import io.pesan.node.config.Hosts;
import io.pesan.node.user.FirstAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a person wants to know once a node runs. The last line says that it is ready. */
final class Banner {

    private static final Logger LOG = LoggerFactory.getLogger(Banner.class);

    private Banner() {}

    /** As plain lines where text is logged, as log events where a machine reads. */
    @SuppressWarnings("SystemOut") // the one thing that is printed rather than logged
    static void show(Configuration configuration, PesanNode node) {
        Consumer<String> out =
                configuration.get(ConfigKeys.LOGGING_FORMAT).equals("json") ? LOG::info : System.out::println;
        lines(configuration, node).forEach(out);
    }

    private static List<String> lines(Configuration configuration, PesanNode node) {
        List<String> lines = new ArrayList<>();
        boolean gateway = configuration.get(ConfigKeys.NODE_ROLES).contains("gateway");
        if (gateway) {
            lines.add("chat        " + configuration.get(ConfigKeys.GATEWAY_HOST) + ":" + node.gatewayPort());
        }
        lines.add("management  http://" + configuration.get(ConfigKeys.MANAGEMENT_HOST) + ":" + node.managementPort());
        if (configuration.get(ConfigKeys.CLUSTER_ENABLED)) {
            lines.add("cluster     " + configuration.get(ConfigKeys.CLUSTER_NAME) + ", "
                    + configuration.get(ConfigKeys.CLUSTER_HOST) + ":" + node.clusterPort());
        }
        if (configuration.isRedisEmbedded()) {
            lines.add("data        " + configuration.dataDirectory() + " (embedded Redis: for one machine)");
        }
        boolean demo = configuration.get(ConfigKeys.ACCOUNTS_DEMO);
        if (demo) {
            lines.add("accounts    " + DemonstrationAccounts.usernames() + "; password "
                    + DemonstrationAccounts.PASSWORD);
        } else if (gateway) {
            lines.add("accounts    add one: " + FirstAccount.command(configuration, node.managementPort()));
        }
        if (gateway) {
            String who = demo ? "messi " + DemonstrationAccounts.PASSWORD : FirstAccount.USERNAME + " PASSWORD";
            lines.add("try         nc " + Hosts.reachable(configuration.get(ConfigKeys.GATEWAY_HOST)) + " "
                    + node.gatewayPort() + "   then type: auth " + who);
        }
        lines.add("pesan node " + configuration.get(ConfigKeys.NODE_ID) + " is ready");
        return lines;
    }
}
