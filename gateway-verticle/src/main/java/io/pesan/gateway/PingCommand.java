package io.pesan.gateway;

import io.pesan.contract.protocol.RequestLine;

/** {@code ping}: whether the gateway is there. */
final class PingCommand implements CommandSyntax {

    @Override
    public String word() {
        return "ping";
    }

    @Override
    public String usage() {
        return "ping";
    }

    @Override
    public Call parse(RequestLine line) {
        return line.hasNext() ? Refusal.argumentsWrong() : new Ping();
    }

    private record Ping() implements Call.Local {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public void answer(Conversation conversation, Answer answer) {
            answer.ok().text("message", "pong");
            answer.end();
        }
    }
}
