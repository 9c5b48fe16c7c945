package io.pesan.gateway;

import io.pesan.contract.bus.proto.Arrival;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.ListenToInbox;
import io.pesan.contract.bus.proto.Listening;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.protocol.MessageId;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What one connection is sent of one inbox, from a {@code listen} until that ends: every message behind the last one sent, in
 * the order of the ids, each once.
 *
 * <p>What the inbox service tells is sent at once if it follows on what was sent last. Otherwise, and every few seconds, Redis
 * is asked: so notices that are lost, late, doubled or out of order cost time and nothing else. While the client does not
 * read, neither does the subscription.
 */
final class Subscription {

    /** The client's end. */
    interface Client {
        /** Whether the client has read so much that it may be sent more. */
        boolean isReady();

        /** Writes a message, later. */
        void write(StoredMessage message, String username);

        /** Sends what was written. */
        void flush();

        /** The session has ended: the subscription is over. */
        void sessionEnded();
    }

    private static final long NANOS_PER_MILLI = 1_000_000;
    /** Part of the time until the next look is due that is left to chance. */
    private static final double JITTER = 0.3;

    private static final int RETRY_MILLIS = 1_000;

    private final Listeners listeners;
    private final String session;
    private final String username;
    private final Client client;

    /** The id of the message sent last, or of where the client wanted to begin. */
    private MessageId seen;
    /** Whether Redis is being asked. */
    private boolean looking;
    /** Whether Redis is to be asked again, because something was told meanwhile. */
    private boolean again;
    /** Whether there may be more than the client was ready for. */
    private boolean behind;

    private boolean over;
    private long dueNanos;

    Subscription(Listeners listeners, String session, String username, MessageId after, Client client) {
        this.listeners = listeners;
        this.session = session;
        this.username = username;
        this.seen = after;
        this.client = client;
    }

    String username() {
        return username;
    }

    /** Sends what was pending when it began, and asks for what was told of before there was anybody to take it. */
    void begin(Listening listening) {
        found(listening);
        again |= listeners.toldOfLater(username, seen);
        lookIfAgain();
    }

    /** The service tells of new messages. */
    void arrived(Arrival arrival) {
        if (over) {
            return;
        }
        if (looking) {
            again = true;
        } else if (id(arrival.getFollows()).compareTo(seen) <= 0) {
            send(arrival.getMessagesList());
        } else {
            look();
        }
    }

    /** Asks Redis what is there, and whether the session still lives. */
    void look() {
        if (over) {
            return;
        }
        if (looking) {
            again = true;
        } else if (client.isReady()) {
            looking = true;
            listeners.look(this);
        } else {
            behind = true;
        }
    }

    /** The question to the inbox service. */
    InboxCommand.Builder question() {
        return InboxCommand.newBuilder()
                .setListen(ListenToInbox.newBuilder()
                        .setSession(session)
                        .setGateway(listeners.gateway())
                        .setAfter(seen.toString()));
    }

    /** Its answer. */
    void looked(InboxResult result) {
        looking = false;
        if (over) {
            return;
        }
        if (result.hasListening()) {
            found(result.getListening());
        } else if (result.getRefused().getReason() == Refusal.SESSION_UNKNOWN) {
            client.sessionEnded();
            return;
        } else {
            again = false;
            dueIn(RETRY_MILLIS);
        }
        lookIfAgain();
    }

    /** The client has read something. */
    void ready() {
        if (behind && client.isReady()) {
            behind = false;
            look();
        }
    }

    /** Looks at the clock. */
    void tick(long nowNanos) {
        if (!looking && nowNanos - dueNanos >= 0) {
            look();
        }
    }

    /** Sends nothing more. */
    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    private void found(Listening listening) {
        listeners.toldUntil(username, listening.getUntilMs());
        dueIn(listening.getLookAgainMs());
        send(listening.getPage().getMessagesList());
        again |= listening.getPage().getMore() && !behind;
    }

    private void lookIfAgain() {
        if (again) {
            again = false;
            look();
        }
    }

    private void send(List<StoredMessage> messages) {
        for (StoredMessage message : messages) {
            MessageId id = id(message.getId());
            if (id.compareTo(seen) <= 0) {
                continue;
            }
            if (!client.isReady()) {
                behind = true;
                break;
            }
            client.write(message, username);
            seen = id;
        }
        client.flush();
    }

    private void dueIn(int millis) {
        double part = 1 - JITTER * ThreadLocalRandom.current().nextDouble();
        dueNanos = System.nanoTime() + (long) (part * millis * NANOS_PER_MILLI);
    }

    /** An id that can't be read is less than any: Redis is asked. */
    private static MessageId id(String text) {
        return MessageId.parse(text).orElse(MessageId.NONE);
    }

    /** Its name in logs. */
    @Override
    public String toString() {
        return "what " + username + " listens to";
    }
}
