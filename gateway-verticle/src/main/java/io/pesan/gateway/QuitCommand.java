package io.pesan.gateway;

import io.pesan.contract.protocol.RequestLine;

/** {@code quit}: says goodbye and has the connection closed. */
final class QuitCommand implements CommandSyntax {

    @Override
    public String word() {
        return "quit";
    }

    @Override
    public String usage() {
        return "quit";
    }

    @Override
    public Call parse(RequestLine line) {
        return line.hasNext() ? Refusal.argumentsWrong() : new Quit();
    }

    private record Quit() implements Call.Local {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public void answer(Conversation conversation, Answer answer) {
            answer.ok().text("message", "Bye");
            answer.end();
            conversation.end();
        }
    }
}
