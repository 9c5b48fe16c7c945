package io.pesan.contract.bus;

import io.pesan.contract.bus.proto.Presence;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where nodes show that they are there and what they offer, and where others see it.
 *
 * <p>A node shows itself every {@value #INTERVAL_MILLIS} ms. Best effort: a notice may be lost; a node that was not seen
 * for {@link ServiceNodes#FORGOTTEN_AFTER} is taken for gone, whatever the cluster's membership says.
 */
public final class PresenceBoard {

    /** How often a node shows itself, in milliseconds. */
    public static final long INTERVAL_MILLIS = 500;

    private static final String ADDRESS = "pesan.presence";
    private static final String LOCAL_ADDRESS = ADDRESS + ".local";

    private final EventBus bus;

    public PresenceBoard(EventBus bus) {
        this.bus = bus;
    }

    /** Shows a node's presence to every node, this one included. */
    public void show(Presence presence) {
        bus.publish(ADDRESS, presence);
    }

    /** Passes what nodes show on to those of this node who watch. Once per node. */
    public Announcement relay() {
        MessageConsumer<Presence> consumer = bus.consumer(
                ADDRESS,
                message -> bus.publish(LOCAL_ADDRESS, message.body(), new DeliveryOptions().setLocalOnly(true)));
        return new Announcement(consumer.completion(), consumer::unregister);
    }

    /** Watches, on the calling context. Returns how to stop. */
    public Supplier<Future<Void>> watch(Consumer<Presence> seen) {
        MessageConsumer<Presence> consumer = bus.localConsumer(LOCAL_ADDRESS, message -> seen.accept(message.body()));
        return consumer::unregister;
    }
}
