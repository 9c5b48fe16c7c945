package io.pesan.contract.bus;

import io.pesan.contract.bus.proto.GatewayNotice;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What services tell gateways that hold listening connections. Best effort: a notice may be lost, come late or come to a
 * gateway that has forgotten why.
 *
 * <p>A gateway is named {@code <node id>/<own name>}. A node has one address for all its gateways, so that what a cluster
 * must know of them does not grow with them.
 */
public final class GatewayNotices {

    private static final String ADDRESS = "pesan.gateway.";
    private static final String LOCAL_ADDRESS = "pesan.gateway.local.";
    private static final char SEPARATOR = '/';

    private final EventBus bus;

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

    /** Tells the gateway that the notice names. */
    public void tell(GatewayNotice notice) {
        int separator = notice.getGateway().lastIndexOf(SEPARATOR);
        if (separator > 0) {
            bus.send(ADDRESS + notice.getGateway().substring(0, separator), notice);
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
