package io.pesan.gateway;

import io.pesan.contract.protocol.ErrorCode;

/**
 * A login or resumption that fails for what its line says: like any other that fails, it leaves the connection without a
 * session.
 */
record FailedLogin(ErrorCode code, Audit.Event event) implements Call.Local {

    @Override
    public boolean isExtension() {
        return event == Audit.Event.RESUME;
    }

    @Override
    public void answer(Conversation conversation, Answer answer) {
        conversation.unbind();
        answer.refuse(code, event);
    }
}
