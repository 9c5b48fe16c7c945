package io.pesan.gateway;

import io.pesan.contract.protocol.ReplyBuffer;
import io.pesan.contract.protocol.RequestLine;
import java.util.List;

/** {@code help}: which commands there are. */
final class HelpCommand implements CommandSyntax {

    private final List<String> usages;

    /**
     * @param usages of all commands; read when somebody asks
     */
    HelpCommand(List<String> usages) {
        this.usages = usages;
    }

    @Override
    public String word() {
        return "help";
    }

    @Override
    public String usage() {
        return "help";
    }

    @Override
    public Call parse(RequestLine line) {
        return line.hasNext() ? Refusal.argumentsWrong() : new Help(usages);
    }

    private record Help(List<String> usages) implements Call.Local {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public void answer(Conversation conversation, Answer answer) {
            ReplyBuffer reply = answer.ok().openArray("commands");
            usages.forEach(reply::element);
            reply.closeArray();
            answer.end();
        }
    }
}
