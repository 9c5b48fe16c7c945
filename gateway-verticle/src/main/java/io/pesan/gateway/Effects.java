package io.pesan.gateway;

import io.pesan.contract.bus.proto.Listening;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.MessageId;
import org.jspecify.annotations.Nullable;

/** What replies set off on their connection; told once a reply is whole. */
interface Effects {

    /** The messages of the reply, up to this one, are handed over to the client. */
    void handsOver(String lease, String username, String lastId);

    /**
     * From now on the client is sent the messages of a session's user; whatever it was sent before, it is no more.
     *
     * @param session the session's hash
     * @param after only messages with greater ids
     * @param listening what was pending when it began
     */
    void listens(String session, MessageId after, Listening listening);

    /** The client wants to be sent nothing more by itself. */
    void stopsListening();

    /** What the reply says is to be told to the operator. See {@link Audit#tell}. */
    void audit(Audit.Event event, String username, @Nullable ErrorCode refusal, @Nullable String tag);

    /** The connection speaks for this user now. */
    void speaksFor(String username);
}
