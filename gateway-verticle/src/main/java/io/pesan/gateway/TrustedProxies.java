package io.pesan.gateway;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The load balancers from which connections are taken, where they say by the PROXY protocol who their clients are. Whoever
 * else could connect could name any address for its own.
 */
final class TrustedProxies {

    private final List<IpSubnetFilterRule> networks;

    /** @param networks as {@code 10.0.0.0/8} or {@code fd00::/8}; none: clients connect themselves */
    TrustedProxies(List<String> networks) {
        this.networks = networks.stream()
                .map(network -> new IpSubnetFilterRule(network, IpFilterRuleType.ACCEPT))
                .toList();
    }

    boolean allow(NetSocket accepted) {
        return networks.isEmpty() || allow(accepted.remoteAddress(true));
    }

    boolean allow(SocketAddress real) {
        String host = real.hostAddress();
        if (host == null) {
            return false;
        }
        InetSocketAddress address = new InetSocketAddress(host, real.port());
        return networks.stream().anyMatch(network -> network.matches(address));
    }
}
