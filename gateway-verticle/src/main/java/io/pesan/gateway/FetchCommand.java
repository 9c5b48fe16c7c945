package io.pesan.gateway;

import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.MessagePage;
import io.pesan.contract.bus.proto.ReadMessages;
import io.pesan.contract.bus.proto.StoredMessage;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.ReplyBuffer;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code fetch [token] [after <id>] [limit <n>]}: shows pending messages; they stay. */
final class FetchCommand implements CommandSyntax {

    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_DIGITS = 4;
    /** A message can be longer where longer lines are allowed; few are so long. */
    private static final int LARGE_MESSAGE_BYTES = 64 << 10;

    @Override
    public String word() {
        return "fetch";
    }

    @Override
    public String usage() {
        return "fetch [token] [after <id>] [limit <n>]";
    }

    @Override
    public Call parse(RequestLine line) {
        SessionArgument session = SessionArgument.take(line, AFTER, LIMIT);
        Optional<MessageId> after = Optional.of(MessageId.NONE);
        if (line.peek().equals(AFTER)) {
            line.next();
            after = MessageId.parse(line.next());
        }
        int limit = DEFAULT_LIMIT;
        if (line.peek().equals(LIMIT)) {
            line.next();
            limit = limit(line.next());
        }
        if (after.isEmpty() || limit == 0 || line.hasNext()) {
            return Refusal.argumentsWrong();
        }
        return session.unknown() ? Refusal.sessionUnknown() : new Fetch(session.token(), after.get(), limit);
    }

    /** 0: it is none. */
    private static int limit(String word) {
        if (word.isEmpty() || word.length() > MAX_DIGITS || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        int limit = Integer.parseInt(word);
        return limit <= MAX_LIMIT ? limit : 0;
    }

    private record Fetch(@Nullable Token token, MessageId after, int limit) implements Call.ToInbox {

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
            return (int) Math.min(InboxCommandSyntax.MAX_REPLY_BYTES, limit * (long) LARGE_MESSAGE_BYTES);
        }

        @Override
        public InboxCommand.@Nullable Builder prepare(Conversation conversation) {
            String session = conversation.session(token);
            if (session == null) {
                return null;
            }
            return InboxCommand.newBuilder()
                    .setRead(ReadMessages.newBuilder()
                            .setSession(session)
                            .setAfter(after.toString())
                            .setLimit(limit));
        }

        @Override
        public void answer(InboxResult result, Conversation conversation, Answer answer) {
            if (!result.hasPage()) {
                answer.refuse(result.getRefused());
                return;
            }
            conversation.sessionProven();
            MessagePage page = result.getPage();
            ReplyBuffer reply = answer.ok().openArray("messages");
            for (StoredMessage message : page.getMessagesList()) {
                MessageMembers.write(reply.openObject(), message, page.getUsername());
                reply.closeObject();
            }
            reply.closeArray().bool("more", page.getMore());
            answer.end();
        }
    }
}
