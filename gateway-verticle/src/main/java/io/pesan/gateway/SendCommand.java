package io.pesan.gateway;

import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.SendMessage;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.ReplyBuffer;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import org.jspecify.annotations.Nullable;

/** {@code send [token] <recipient> <text>}: puts a message into an inbox. */
final class SendCommand implements CommandSyntax {

    @Override
    public String word() {
        return "send";
    }

    @Override
    public String usage() {
        return "send [token] <recipient> <text>";
    }

    @Override
    public Call parse(RequestLine line) {
        String first = line.next();
        boolean hasToken = Token.hasShape(first);
        Token token = hasToken ? new Token(first) : null;
        String recipient = hasToken ? line.next() : first;
        String text = line.rest();
        if (recipient.isEmpty() || text.isEmpty()) {
            return new Refusal(ErrorCode.ARGUMENTS_WRONG, true);
        }
        return new Send(token, recipient, text, line.tag() == null ? "" : line.tag());
    }

    private record Send(@Nullable Token token, String recipient, String text, String tag) implements Call.ToInbox {

        @Override
        public boolean isSend() {
            return true;
        }

        @Override
        public InboxCommand.@Nullable Builder prepare(Conversation conversation) {
            String session = conversation.session(token);
            if (session == null) {
                return null;
            }
            return InboxCommand.newBuilder()
                    .setSend(SendMessage.newBuilder()
                            .setSession(session)
                            .setRecipient(recipient)
                            .setText(text)
                            .setTag(tag));
        }

        @Override
        public void answer(InboxResult result, Conversation conversation, Answer answer) {
            if (!result.hasSent()) {
                answer.refuse(result.getRefused());
                return;
            }
            conversation.sessionProven();
            ReplyBuffer reply = answer.ok().text("message", "Message Sent");
            // Those who never use an extension see none.
            if (conversation.isExtended()) {
                reply.text("id", result.getSent().getId());
            }
            if (result.getSent().getDuplicate()) {
                reply.bool("duplicate", true);
            }
            answer.end();
        }

        @Override
        public String toString() {
            return "Send[" + recipient + "]";
        }
    }
}
