package io.pesan.contract.bus;

import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.bus.proto.Presence;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What services tell gateways that hold listening connections. Best effort: a notice may be lost, come late or come to a
 * gateway that has forgotten why.
 *
 * <p>A gateway is named {@code <node id>/<own name>}. A node has one address for all its gateways, so that what a cluster
 * must know of them does not grow with them.
 *
 * <p>Who tells owns its instance on one event loop.
 */
public final class GatewayNotices {

    private static final String ADDRESS = "pesan.gateway.";
    private static final String LOCAL_ADDRESS = "pesan.gateway.local.";
    private static final char SEPARATOR = '/';
    /** By then a cluster has found out that a node is gone, and no address leads to it. */
    private static final long LONG_GONE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final EventBus bus;
    /** When nodes showed themselves last. As large as the cluster. */
    private final Map<String, Long> shownNanos = new HashMap<>();

    public GatewayNotices(EventBus bus) {
        this.bus = bus;
    }

    /**
     * Names a gateway.
     *
     * @param ownName tells the gateways of a node apart, also those of its former lives; no spaces
     */
    public static String gateway(String nodeId, String ownName) {
        return nodeId + SEPARATOR + ownName;
    }

    /**
     * From now on looks who is there, on the calling context: a node that showed itself and does not any more is told
     * nothing. The bus keeps whatever it can't get rid of, without a bound; so a node that is frozen or cut off makes it keep
     * {@link ServiceNodes#FORGOTTEN_AFTER} of notices at most.
     */
    public GatewayNotices watchful() {
        new PresenceBoard(bus).watch(presence -> see(presence, System.nanoTime()));
        return this;
    }

    private void see(Presence presence, long nowNanos) {
        shownNanos.values().removeIf(shown -> nowNanos - shown > LONG_GONE_NANOS);
        if (presence.getLeaving()) {
            shownNanos.remove(presence.getNodeId());
        } else {
            shownNanos.put(presence.getNodeId(), nowNanos);
        }
    }

    /** Tells the gateway that the notice names, unless its node has fallen silent. */
    public void tell(GatewayNotice notice) {
        int separator = notice.getGateway().lastIndexOf(SEPARATOR);
        if (separator > 0) {
            String nodeId = notice.getGateway().substring(0, separator);
            Long shown = shownNanos.get(nodeId);
            if (shown == null || System.nanoTime() - shown <= ServiceNodes.FORGOTTEN_AFTER.toNanos()) {
                bus.send(ADDRESS + nodeId, notice);
            }
        }
    }

    /** Passes notices on to the gateways of this node. Once per node. */
    public Announcement relay(String nodeId) {
        MessageConsumer<GatewayNotice> consumer = bus.consumer(
                ADDRESS + nodeId,
                message -> bus.send(
                        LOCAL_ADDRESS + message.body().getGateway(),
                        message.body(),
                        new DeliveryOptions().setLocalOnly(true)));
        return new Announcement(consumer.completion(), consumer::unregister);
    }

    /** Hears what one gateway of this node is told, on the calling context. Returns how to stop. */
    public Supplier<Future<Void>> hear(String gateway, Consumer<GatewayNotice> heard) {
        MessageConsumer<GatewayNotice> consumer =
                bus.localConsumer(LOCAL_ADDRESS + gateway, message -> heard.accept(message.body()));
        return consumer::unregister;
    }
}
