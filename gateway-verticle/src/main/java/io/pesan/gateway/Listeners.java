package io.pesan.gateway;

import io.pesan.contract.bus.proto.Arrival;
import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.StopListening;
import io.pesan.contract.protocol.MessageId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The subscriptions of one event loop's connections: passes on what services tell, and asks the inbox service on their
 * behalf, for {@value #MAX_LOOKS} at a time.
 */
final class Listeners {

    /** Bounds what the answers of a batch may hold, 64 KiB each. */
    private static final int MAX_LOOKS = 64;

    /** All subscriptions to one inbox. */
    private static final class Inbox {
        final Set<Subscription> subscriptions = new LinkedHashSet<>(2);
        /** Until when the service tells this gateway, in Redis's clock. */
        long untilMillis;
    }

    private final String gateway;
    private final Lane<InboxCommand.Builder, InboxResult> lane;
    private final GatewayMetrics metrics;
    private final Map<String, Inbox> byUsername = new HashMap<>();
    private final RecentArrivals recent = new RecentArrivals();
    /** Each subscription at most once. */
    private final ArrayDeque<Subscription> waiting = new ArrayDeque<>();

    private int looks;

    /** @param gateway this event loop's name, see {@link io.pesan.contract.bus.GatewayNotices} */
    Listeners(String gateway, Lane<InboxCommand.Builder, InboxResult> lane, GatewayMetrics metrics) {
        this.metrics = metrics;
        this.gateway = gateway;
        this.lane = lane;
    }

    String gateway() {
        return gateway;
    }

    void add(Subscription subscription) {
        metrics.listening();
        byUsername
                .computeIfAbsent(subscription.username(), username -> new Inbox())
                .subscriptions
                .add(subscription);
    }

    void remove(Subscription subscription) {
        String username = subscription.username();
        Inbox inbox = byUsername.get(username);
        if (inbox == null || !inbox.subscriptions.remove(subscription)) {
            return;
        }
        metrics.listeningEnded();
        if (inbox.subscriptions.isEmpty()) {
            byUsername.remove(username);
            // If it gets lost, it lapses.
            offer(
                    this,
                    InboxCommand.newBuilder()
                            .setStopListening(StopListening.newBuilder()
                                    .setUsername(username)
                                    .setGateway(gateway)
                                    .setUntilMs(inbox.untilMillis)),
                    results -> {});
        }
    }

    /** The service tells this gateway of a user's new messages until then. */
    void toldUntil(String username, long millis) {
        Inbox inbox = byUsername.get(username);
        if (inbox != null) {
            inbox.untilMillis = Math.max(inbox.untilMillis, millis);
        }
    }

    /** A service tells something. */
    void hear(GatewayNotice notice) {
        for (Arrival arrival : notice.getArrivalsList()) {
            if (arrival.getMessagesCount() > 0) {
                String last =
                        arrival.getMessages(arrival.getMessagesCount() - 1).getId();
                MessageId.parse(last).ifPresent(id -> recent.told(arrival.getUsername(), id));
            }
            subscriptions(arrival.getUsername()).forEach(subscription -> subscription.arrived(arrival));
        }
        for (String username : notice.getSessionsEndedList()) {
            subscriptions(username).forEach(Subscription::look);
        }
    }

    /** Whether the service has told of messages of this user behind the one that a subscription begins with. */
    boolean toldOfLater(String username, MessageId seen) {
        return recent.mayBeBehind(username, seen);
    }

    /** Looks at the clock; about twice a second. */
    void tick(long nowNanos) {
        for (Inbox inbox : List.copyOf(byUsername.values())) {
            for (Subscription subscription : List.copyOf(inbox.subscriptions)) {
                subscription.tick(nowNanos);
            }
        }
    }

    /** Asks the inbox service for a subscription, which is told the answer, now or as soon as fewer are asking. */
    void look(Subscription subscription) {
        if (looks >= MAX_LOOKS) {
            waiting.add(subscription);
            return;
        }
        looks++;
        offer(subscription, subscription.question(), results -> {
            looks--;
            subscription.looked(results.get(0));
            lookForNext();
        });
    }

    private void lookForNext() {
        Subscription next = waiting.poll();
        while (next != null && next.isOver()) {
            next = waiting.poll();
        }
        if (next != null) {
            look(next);
        }
    }

    private void offer(Object owner, InboxCommand.Builder command, Consumer<List<InboxResult>> then) {
        int replyBytes = command.hasListen() ? ListenCommand.PAGE_BYTES : 0;
        long deadline = System.nanoTime() + Dispatcher.ANSWER_WITHIN_NANOS;
        lane.offer(new Lane.Run<>(owner, List.of(command), 0, replyBytes, deadline, then));
    }

    /** A copy: what they do may end them. */
    private List<Subscription> subscriptions(String username) {
        Inbox inbox = byUsername.get(username);
        return inbox == null ? List.of() : new ArrayList<>(inbox.subscriptions);
    }
}
