package io.pesan.gateway;

import io.pesan.contract.bus.proto.DescribeSession;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import org.jspecify.annotations.Nullable;

/** {@code whoami [token]}: whose session it is. */
final class WhoamiCommand implements CommandSyntax {

    @Override
    public String word() {
        return "whoami";
    }

    @Override
    public String usage() {
        return "whoami [token]";
    }

    @Override
    public Call parse(RequestLine line) {
        SessionArgument session = SessionArgument.take(line);
        if (line.hasNext()) {
            return Refusal.argumentsWrong();
        }
        return session.unknown() ? Refusal.sessionUnknown() : new Whoami(session.token());
    }

    static SessionCommand.Builder describe(String session) {
        return SessionCommand.newBuilder()
                .setDescribeSession(DescribeSession.newBuilder().setSession(session));
    }

    private record Whoami(@Nullable Token token) implements Call.ToSession {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public SessionCommand.@Nullable Builder prepare(Conversation conversation) {
            String session = conversation.session(token);
            return session == null ? null : describe(session);
        }

        @Override
        public void answer(SessionResult result, Conversation conversation, Answer answer) {
            if (!result.hasSessionDescription()) {
                answer.refuse(result.getRefused());
                return;
            }
            conversation.sessionProven();
            answer.ok()
                    .text("username", result.getSessionDescription().getUsername())
                    .text("name", result.getSessionDescription().getName());
            answer.end();
        }
    }
}
