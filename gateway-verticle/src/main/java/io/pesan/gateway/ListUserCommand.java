package io.pesan.gateway;

import io.pesan.contract.bus.proto.ActiveUsers;
import io.pesan.contract.bus.proto.ListActiveUsers;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.protocol.ActiveUsersCursor;
import io.pesan.contract.protocol.ReplyBuffer;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import org.jspecify.annotations.Nullable;

/** {@code listuser [token] [after <cursor>]}: who has a live session. */
final class ListUserCommand implements CommandSyntax {

    private static final String AFTER = "after";
    /** A thousand of the longest names, as many as one reply has by default. */
    private static final int PAGE_BYTES = 33_000;

    @Override
    public String word() {
        return "listuser";
    }

    @Override
    public String usage() {
        return "listuser [token] [after <cursor>]";
    }

    @Override
    public Call parse(RequestLine line) {
        SessionArgument session = SessionArgument.take(line, AFTER);
        String cursor = "";
        if (line.peek().equals(AFTER)) {
            line.next();
            cursor = line.next();
            // The empty cursor is the beginning, which nobody needs to name.
            if (cursor.isEmpty() || ActiveUsersCursor.parse(cursor).isEmpty()) {
                return Refusal.argumentsWrong();
            }
        }
        if (line.hasNext()) {
            return Refusal.argumentsWrong();
        }
        return session.unknown() ? Refusal.sessionUnknown() : new ListUsers(session.token(), cursor);
    }

    private record ListUsers(@Nullable Token token, String cursor) implements Call.ToSession {

        @Override
        public boolean isExtension() {
            return !cursor.isEmpty();
        }

        @Override
        public SessionCommand.@Nullable Builder prepare(Conversation conversation) {
            String session = conversation.session(token);
            if (session == null) {
                return null;
            }
            return SessionCommand.newBuilder()
                    .setListActiveUsers(
                            ListActiveUsers.newBuilder().setSession(session).setAfter(cursor));
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
        public void answer(SessionResult result, Conversation conversation, Answer answer) {
            if (!result.hasActiveUsers()) {
                answer.refuse(result.getRefused());
                return;
            }
            conversation.sessionProven();
            ActiveUsers users = result.getActiveUsers();
            StringBuilder names = new StringBuilder();
            for (String username : users.getUsernamesList()) {
                names.append(username).append(' ');
            }
            ReplyBuffer reply = answer.ok().text("listuseraktif", names.toString());
            if (!users.getNext().isEmpty()) {
                reply.text("next", users.getNext());
            }
            answer.end();
        }
    }
}
