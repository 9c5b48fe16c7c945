package io.pesan.gateway;

import io.pesan.contract.protocol.ErrorCode;

/** A request that is refused for what its line says. */
record Refusal(ErrorCode code, boolean isSend) implements Call.Local {

    static Refusal argumentsWrong() {
        return new Refusal(ErrorCode.ARGUMENTS_WRONG, false);
    }

    static Refusal sessionUnknown() {
        return new Refusal(ErrorCode.SESSION_UNKNOWN, false);
    }

    @Override
    public void answer(Conversation conversation, Answer answer) {
        answer.refuse(code);
    }
}
