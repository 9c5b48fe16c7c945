package io.pesan.bench;

import java.net.InetSocketAddress;
import picocli.CommandLine.Option;

/** Where the server is. */
final class ServerOptions {

    private static final int DEFAULT_PORT = 8889;
    private static final int HIGHEST_PORT = 65_535;

    @Option(names = "--host", paramLabel = "H", description = "the gateway's host (default: ${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "P", description = "the gateway's port (default: ${DEFAULT-VALUE})")
    private int port = DEFAULT_PORT;

    InetSocketAddress address() {
        if (port < 1 || port > HIGHEST_PORT) {
            throw new BenchException("--port must be 1 to " + HIGHEST_PORT);
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new BenchException("unknown host: " + host);
        }
        return address;
    }
}
