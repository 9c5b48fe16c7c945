package io.pesan.contract.bus;

import io.pesan.contract.bus.proto.AccountReply;
import io.pesan.contract.bus.proto.AccountRequest;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.Presence;
import io.pesan.contract.bus.proto.SessionBatch;
import io.pesan.contract.bus.proto.SessionBatchReply;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.List;

/** Every route of the bus: the one place where its addresses are written down. */
public final class Routes {

    /** Batches of {@code send}, {@code inbox} and the settling of hand-overs. */
    public static final Route<InboxBatch, InboxBatchReply> INBOX =
            new Route<>("pesan.inbox", InboxBatch.class, InboxBatchReply.class, Duration.ofSeconds(2));

    /** Batches of commands on sessions that hash no password. */
    public static final Route<SessionBatch, SessionBatchReply> SESSION =
            new Route<>("pesan.session", SessionBatch.class, SessionBatchReply.class, Duration.ofSeconds(2));

    /**
     * Commands that hash a password (40 ms of a core and more): one a request, never tried again, and apart from the
     * batches so that nothing quick waits behind them.
     */
    public static final Route<CredentialRequest, CredentialReply> CREDENTIALS =
            new Route<>("pesan.credentials", CredentialRequest.class, CredentialReply.class, Duration.ofMillis(4500));

    /** Administration of accounts. */
    public static final Route<AccountRequest, AccountReply> ACCOUNTS =
            new Route<>("pesan.accounts", AccountRequest.class, AccountReply.class, Duration.ofMillis(4500));

    private static final List<Route<?, ?>> ALL = List.of(INBOX, SESSION, CREDENTIALS, ACCOUNTS);

    private Routes() {}

    /** Teaches an event bus the routes' messages. Once for each Vert.x instance, before the first request. */
    public static void registerCodecs(EventBus bus) {
        for (Route<?, ?> route : ALL) {
            ProtobufCodec.register(bus, route.requestType());
            ProtobufCodec.register(bus, route.replyType());
        }
        ProtobufCodec.register(bus, Presence.class);
        ProtobufCodec.register(bus, GatewayNotice.class);
    }
}
