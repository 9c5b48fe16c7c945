package io.pesan.gateway;

import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.bus.proto.TakeMessages;
import io.pesan.contract.bus.proto.Taken;
import io.pesan.contract.protocol.ReplyBuffer;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code inbox [token]}: hands the oldest pending messages over. */
final class InboxCommandSyntax implements CommandSyntax {

    /** Texts that the inbox service puts into one reply, about. */
    static final int MAX_REPLY_BYTES = 512 << 10;

    @Override
    public String word() {
        return "inbox";
    }

    @Override
    public String usage() {
        return "inbox [token]";
    }

    @Override
    public Call parse(RequestLine line) {
        SessionArgument session = SessionArgument.take(line);
        if (line.hasNext()) {
            return Refusal.argumentsWrong();
        }
        return session.unknown()
                ? Refusal.sessionUnknown()
                : new Take(session.token(), UUID.randomUUID().toString());
    }

    private record Take(@Nullable Token token, String lease) implements Call.ToInbox {

        @Override
        public InboxCommand.@Nullable Builder prepare(Conversation conversation) {
            String session = conversation.session(token);
            if (session == null) {
                return null;
            }
            return InboxCommand.newBuilder()
                    .setTake(TakeMessages.newBuilder().setSession(session).setLease(lease));
        }

        @Override
        public boolean endsRun() {
            return true;
        }

        @Override
        public int replyBytes() {
            return MAX_REPLY_BYTES;
        }

        @Override
        public void answer(InboxResult result, Conversation conversation, Answer answer) {
            if (!result.hasTaken()) {
                answer.refuse(result.getRefused());
                return;
            }
            conversation.sessionProven();
            Taken taken = result.getTaken();
            write(taken, answer.ok().openObject("messages"));
            answer.end();
            if (taken.getMessagesCount() > 0) {
                StoredMessage last = taken.getMessages(taken.getMessagesCount() - 1);
                answer.effects().handsOver(lease, taken.getUsername(), last.getId());
            }
        }

        /** By sender; senders in the order of their oldest message. */
        private static void write(Taken taken, ReplyBuffer reply) {
            Map<String, List<StoredMessage>> bySender = new LinkedHashMap<>();
            for (StoredMessage message : taken.getMessagesList()) {
                bySender.computeIfAbsent(message.getFrom(), sender -> new ArrayList<>())
                        .add(message);
            }
            bySender.forEach((sender, messages) -> {
                reply.openArray(sender);
                for (StoredMessage message : messages) {
                    reply.openObject()
                            .text("msg_from", message.getName())
                            .text("msg_to", taken.getName())
                            .text("msg", message.getText())
                            .closeObject();
                }
                reply.closeArray();
            });
            reply.closeObject();
        }
    }
}
