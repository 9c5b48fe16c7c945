package io.pesan.gateway;

import java.util.List;

/**
 * Where a gateway listens, and to whom.
 *
 * @param host address to listen on
 * @param port TCP port to listen on; 0: any free one
 * @param proxies networks of the load balancers, as {@code 10.0.0.0/8} or {@code fd00::/8}: then every connection must come
 *     from one of them and begin with a PROXY protocol header (version 1 or 2); none: clients connect themselves
 */
public record ListenAddress(String host, int port, List<String> proxies) {

    public ListenAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("gateway.port must be 0 to 65535, is " + port);
        }
        proxies = List.copyOf(proxies);
        try {
            new TrustedProxies(proxies);
        } catch (IllegalArgumentException notANetwork) {
            throw new IllegalArgumentException(
                    "gateway.proxy-protocol-from must be networks such as 10.0.0.0/8, is " + proxies, notANetwork);
        }
    }
}
