package io.pesan.gateway;

import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.ListenToInbox;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code listen [token] [after <id>]}: from now on messages are sent as they come; they stay until they are acknowledged. */
final class ListenCommand implements CommandSyntax {

    /** Texts that the inbox service puts into one page for a listener, about. */
    static final int PAGE_BYTES = 64 << 10;

    private static final String AFTER = "after";

    private final String gateway;

    /** @param gateway this event loop's name, see {@link io.pesan.contract.bus.GatewayNotices} */
    ListenCommand(String gateway) {
        this.gateway = gateway;
    }

    @Override
    public String word() {
        return "listen";
    }

    @Override
    public String usage() {
        return "listen [token] [after <id>]";
    }

    @Override
    public Call parse(RequestLine line) {
        SessionArgument session = SessionArgument.take(line, AFTER);
        Optional<MessageId> after = Optional.of(MessageId.NONE);
        if (line.peek().equals(AFTER)) {
            line.next();
            after = MessageId.parse(line.next());
        }
        if (after.isEmpty() || line.hasNext()) {
            return Refusal.argumentsWrong();
        }
        return session.unknown() ? Refusal.sessionUnknown() : new Listen(session.token(), after.get(), gateway);
    }

    private record Listen(@Nullable Token token, MessageId after, String gateway) implements Call.ToInbox {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public boolean endsRun() {
            return true;
        }

        @Override
        public int replyBytes() {
            return PAGE_BYTES;
        }

        @Override
        public InboxCommand.@Nullable Builder prepare(Conversation conversation) {
            String session = conversation.session(token);
            if (session == null) {
                return null;
            }
            return InboxCommand.newBuilder()
                    .setListen(ListenToInbox.newBuilder()
                            .setSession(session)
                            .setGateway(gateway)
                            .setAfter(after.toString()));
        }

        @Override
        public void answer(InboxResult result, Conversation conversation, Answer answer) {
            String session = conversation.session(token);
            if (!result.hasListening() || session == null) {
                answer.refuse(result.getRefused());
                return;
            }
            conversation.sessionProven();
            answer.ok().text("message", "Listening");
            answer.end();
            answer.effects().listens(session, after, result.getListening());
        }
    }
}
