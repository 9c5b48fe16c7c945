package io.pesan.gateway;

import io.pesan.contract.bus.proto.AckMessages;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code ack [token] <id>}: removes every message up to and including one. */
final class AckCommand implements CommandSyntax {

    @Override
    public String word() {
        return "ack";
    }

    @Override
    public String usage() {
        return "ack [token] <id>";
    }

    /** One argument is the id; of two the first is the token. */
    @Override
    public Call parse(RequestLine line) {
        String first = line.next();
        String second = line.next();
        boolean hasToken = !second.isEmpty();
        Optional<MessageId> last = MessageId.parse(hasToken ? second : first);
        if (last.isEmpty() || line.hasNext()) {
            return Refusal.argumentsWrong();
        }
        SessionArgument session = hasToken ? SessionArgument.of(first) : new SessionArgument(null, false);
        return session.unknown() ? Refusal.sessionUnknown() : new Ack(session.token(), last.get());
    }

    private record Ack(@Nullable Token token, MessageId last) implements Call.ToInbox {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public InboxCommand.@Nullable Builder prepare(Conversation conversation) {
            String session = conversation.session(token);
            if (session == null) {
                return null;
            }
            return InboxCommand.newBuilder()
                    .setAck(AckMessages.newBuilder().setSession(session).setLastId(last.toString()));
        }

        @Override
        public void answer(InboxResult result, Conversation conversation, Answer answer) {
            if (!result.hasAcked()) {
                answer.refuse(result.getRefused());
                return;
            }
            conversation.sessionProven();
            answer.ok().number("removed", result.getAcked().getRemoved());
            answer.end();
        }
    }
}
