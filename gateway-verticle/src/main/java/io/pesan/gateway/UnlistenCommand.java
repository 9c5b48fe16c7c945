package io.pesan.gateway;

import io.pesan.contract.protocol.RequestLine;

/** {@code unlisten}: no message is sent by itself any more. */
final class UnlistenCommand implements CommandSyntax {

    @Override
    public String word() {
        return "unlisten";
    }

    @Override
    public String usage() {
        return "unlisten";
    }

    @Override
    public Call parse(RequestLine line) {
        return line.hasNext() ? Refusal.argumentsWrong() : new Unlisten();
    }

    private record Unlisten() implements Call.Local {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public void answer(Conversation conversation, Answer answer) {
            answer.effects().stopsListening();
            answer.ok().text("message", "Stopped");
            answer.end();
        }
    }
}
