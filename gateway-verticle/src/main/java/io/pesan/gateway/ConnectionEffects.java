package io.pesan.gateway;

import io.pesan.contract.bus.proto.Listening;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.MessageId;
import org.jspecify.annotations.Nullable;

/** What replies set off on the connection that they go to. */
record ConnectionEffects(Deliveries deliveries, Events events, Audit auditor) implements Effects {

    @Override
    public void handsOver(String lease, String username, String lastId) {
        deliveries.open(lease, username, lastId);
    }

    @Override
    public void listens(String session, MessageId after, Listening listening) {
        events.listen(session, after, listening);
    }

    @Override
    public void stopsListening() {
        events.stop();
    }

    @Override
    public void audit(Audit.Event event, String username, @Nullable ErrorCode refusal, @Nullable String tag) {
        auditor.tell(event, username, refusal, tag);
    }

    @Override
    public void speaksFor(String username) {
        events.speaksFor(username);
    }
}
