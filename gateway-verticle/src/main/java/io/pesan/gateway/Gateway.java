package io.pesan.gateway;

import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** What the connections of one event loop share. */
final class Gateway {

    /** As many prefixes of connections' names: two loops, or two lives of one, hardly ever have the same. */
    private static final int ID_SPACE = 36 * 36 * 36 * 36;

    private final GatewayConfig config;
    private final Services services;
    private final CommandTable commands;
    private final GatewayMetrics metrics;
    private final Listeners listeners;
    private final Backlog backlog = new Backlog();
    private final ClientMemory memory;
    private final LoopSilence silence = new LoopSilence(System.nanoTime());
    private final String shortName;
    private long served;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final List<Handover> handovers = new ArrayList<>();
    private final TrustedProxies proxies;
    private final RefusedConnections surplus =
            new RefusedConnections("new connections are reset: gateway.max-connections is reached");
    private final RefusedConnections strangers =
            new RefusedConnections("new connections are reset: the sender is not in gateway.proxy-protocol-from");
    private final RefusedConnections evicted =
            new RefusedConnections("connections that hold most are reset: gateway.max-buffered-bytes is reached");

    /** @param name this event loop's, see {@link io.pesan.contract.bus.GatewayNotices} */
    Gateway(GatewayConfig config, Services services, String name, GatewayMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        this.memory = new ClientMemory(config.limits().maxBufferedBytes());
        this.shortName = Integer.toString(ThreadLocalRandom.current().nextInt(ID_SPACE), Character.MAX_RADIX);
        this.services = services;
        this.listeners = new Listeners(name, services.inbox(), metrics);
        this.commands = new CommandTable(config.selfRegistration(), name, metrics);
        this.proxies = new TrustedProxies(config.listen().proxies());
    }

    /** Begins to serve a client, unless there are too many, or it comes past the proxies. */
    void accept(NetSocket accepted) {
        ClientSocket socket = new ClientSocket(accepted, silence);
        if (!proxies.allow(accepted)) {
            socket.reset();
            strangers.refused(System.nanoTime());
            metrics.rejected(GatewayMetrics.Rejection.PROXY);
            return;
        }
        int most = config.limits().maxConnections();
        if (most > 0 && connections.size() >= most) {
            socket.reset();
            surplus.refused(System.nanoTime());
            metrics.rejected(GatewayMetrics.Rejection.MAX_CONNECTIONS);
            return;
        }
        Connection connection = new Connection(this, socket, shortName + "-" + ++served);
        connections.add(connection);
        metrics.opened();
        socket.listen(connection);
    }

    /** Looks at the clock; about twice a second. */
    void tick() {
        long now = System.nanoTime();
        surplus.tell(now);
        strangers.tell(now);
        evicted.tell(now);
        for (Handover handover : List.copyOf(handovers)) {
            handover.tick(now);
        }
        handovers.removeIf(Handover::isEnded);
        listeners.tick(now);
        for (Connection connection : List.copyOf(connections)) {
            connection.tick(now);
        }
        metrics.buffered(memory.heldBytes());
    }

    /** Answers what is past its deadline, looks who is there, and makes room; more often than the clock is looked at. */
    void expire() {
        long now = System.nanoTime();
        silence.running(now);
        services.tick(now);
        int gone = memory.relieve(() -> connections.stream().map(Connection::memory));
        if (gone > 0) {
            evicted.refused(gone, now);
        }
    }

    void forget(Connection connection) {
        connections.remove(connection);
    }

    GatewayMetrics metrics() {
        return metrics;
    }

    GatewayLimits limits() {
        return config.limits();
    }

    GatewayTimeouts timeouts() {
        return config.timeouts();
    }

    Services services() {
        return services;
    }

    CommandTable commands() {
        return commands;
    }

    Listeners listeners() {
        return listeners;
    }

    Backlog backlog() {
        return backlog;
    }

    LoopSilence silence() {
        return silence;
    }

    ClientMemory memory() {
        return memory;
    }

    /** Hand-overs that are not settled yet; they outlive their connections. */
    List<Handover> handovers() {
        return handovers;
    }
}
