package io.pesan.node.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.lang.reflect.Field;

/**
 * The two ends of a clustered event bus: the server that other nodes connect to, and the client that connects to them. Both
 * can be given other certificates while they run, but Vert.x's event bus has no method for it and shows neither, so they are
 * taken out of it by the names of its fields. {@code BusTlsIT} fails if another version names them otherwise.
 */
record BusSockets(NetServer server, NetClient client) {

    /** @throws IllegalStateException if this Vert.x keeps them elsewhere */
    static BusSockets of(Vertx clustered) {
        Object bus = clustered.eventBus();
        return new BusSockets(field(bus, "server", NetServer.class), field(bus, "client", NetClient.class));
    }

    private static <T> T field(Object bus, String name, Class<T> type) {
        try {
            Field field = bus.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return type.cast(field.get(bus));
        } catch (ReflectiveOperationException | ClassCastException moved) {
            throw new IllegalStateException(
                    "this version of Vert.x keeps the event bus's " + name + " elsewhere", moved);
        }
    }

    /**
     * New connections are made with these certificates; those that are there go on. TLS sessions that began before can't be
     * resumed: each end has a new context.
     */
    Future<?> use(BusTls tls) {
        return Future.join(
                server.updateSSLOptions(tls.forServer(), true), client.updateSSLOptions(tls.forClient(), true));
    }
}
